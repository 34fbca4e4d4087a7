package dev.latentgauge.tests;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A collector that gives clients little time, so that tests of clients that never finish end. */
final class ImpatientCollector {

  private ImpatientCollector() {}

  /**
   * Serves until it is killed; takes the folder for its data and, if the history is not to be
   * there, the URL and the password of a database.
   */
  public static void main(String... arguments) throws IOException {
    Collector collector =
        Collector.start(
            CollectorOptions.builder()
                .port(0)
                .data(Path.of(arguments[0]))
                .database(database(arguments))
                .bodyTime(Duration.ofMillis(100))
                .idleTime(Duration.ofSeconds(1))
                .build());
    System.out.println("listening on " + collector.address());
    collector.awaitClose();
  }

  private static Optional<Database> database(String... arguments) {
    return arguments.length > 1
        ? Optional.of(Database.postgres(DatabaseUrl.parse(arguments[1]), Optional.of(arguments[2])))
        : Optional.empty();
  }
}
