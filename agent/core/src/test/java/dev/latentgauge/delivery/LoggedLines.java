package dev.latentgauge.delivery;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged while something happens; the logger of the tests writes to standard error. */
final class LoggedLines {

  private LoggedLines() {}

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  static String during(Work work) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
