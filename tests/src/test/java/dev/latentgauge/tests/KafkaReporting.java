package dev.latentgauge.tests;

import dev.latentgauge.agent.kafka.KafkaReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.RunInfo;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Reports as many observations as it is told on standard input, and ends with it; it prints each
 * that its reporter has taken.
 */
final class KafkaReporting {

  private KafkaReporting() {}

  /** Arguments: brokers, topic, folder of the spool, name of the run, attempt. */
  public static void main(String[] arguments) throws Exception {
    RunInfo run =
        RunInfo.named(arguments[3])
            .withAttempt(Integer.parseInt(arguments[4]))
            .withStartedAt(Instant.now());
    try (Reporter reporter =
        KafkaReporter.builder(arguments[0])
            .topic(arguments[1])
            .spool(Path.of(arguments[2]))
            .build()) {
      reporter.begin(run);
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      System.out.println("ready now");
      long step = 0;
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        for (int left = Integer.parseInt(line); left > 0; left--) {
          reporter.observed(run, List.of(Load.observation(run.attempt(), step)));
          System.out.println("taken " + run.attempt() + "/" + step++ + " .");
        }
      }
    }
  }
}
