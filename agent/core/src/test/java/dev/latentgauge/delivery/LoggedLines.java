package dev.latentgauge.delivery;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** What is logged while something happens; the logger of the tests writes to standard error. */
final class LoggedLines {

  private LoggedLines() {}

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  /** Work that may fail, and looks at what has been logged. */
  interface WatchingWork {
    void run(Supplier<String> soFar) throws Exception;
  }

  static String during(Work work) throws Exception {
    return during(soFar -> work.run());
  }

  static String during(WatchingWork work) throws Exception {
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
