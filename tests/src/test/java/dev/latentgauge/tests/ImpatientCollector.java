package dev.latentgauge.tests;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A collector that gives clients little time, so that tests of clients that never finish end. */
final class ImpatientCollector {

  private ImpatientCollector() {}

  /** Serves until it is killed; takes the folder for its data. */
  public static void main(String... arguments) throws IOException {
    Collector collector =
        Collector.start(
            CollectorOptions.builder()
                .port(0)
                .data(Path.of(arguments[0]))
                .bodyTime(Duration.ofMillis(100))
                .idleTime(Duration.ofSeconds(1))
                .build());
    System.out.println("listening on " + collector.address());
    collector.awaitClose();
  }
}
