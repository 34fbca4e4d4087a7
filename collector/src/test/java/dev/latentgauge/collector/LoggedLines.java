package dev.latentgauge.collector;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** What is logged while something happens; the logger of the tests writes to standard error. */
public final class LoggedLines {

  private LoggedLines() {}

  /** Work that may fail, and looks at what has been logged. */
  public interface Work {
    void run(Supplier<String> soFar) throws Exception;
  }

  /** Does some work. */
  public static String during(Work work) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      work.run(() -> bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
