package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Prometheus' own check of an exposition. */
final class Promtool {

  private Promtool() {}

  static void assertAccepts(String exposition) throws IOException, InterruptedException {
    Process process = start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(exposition.getBytes(StandardCharsets.UTF_8));
    }
    String complaints = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(complaints).as("what promtool complains of").isEmpty();
    assertThat(process.waitFor()).as("exit status of promtool").isZero();
  }

  private static Process start() {
    try {
      return new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      return fail(
          "promtool must be on the PATH (Debian: apt-get install prometheus), but does not start",
          e);
    }
  }
}
