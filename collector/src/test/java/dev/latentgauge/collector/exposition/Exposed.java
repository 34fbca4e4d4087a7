package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.event.EventLimits;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.EngineLoader;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.scoring.ScoringLimits;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.SqlStore;
import dev.latentgauge.collector.store.Store;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** An exposition with all that it tells of, for tests. */
final class Exposed implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final RunRegistry runs;
  private final Store store;
  private final Scoring scoring;
  private final Exposition exposition;

  /** Tells of an empty collector, beside what is in the registry. */
  Exposed(Path folder, PrometheusRegistry registry, InstantSource clock) throws IOException {
    runs = new RunRegistry(Duration.ZERO, clock, clock);
    Path history = Files.createDirectory(folder.resolve("history"));
    store = SqlStore.open(Database.sqlite(history), Capacity.DEFAULT, runs, clock::instant, clock);
    StopPolicies policies = new StopPolicies(store);
    Tally tally = new Tally();
    scoring =
        new Scoring(
            ScoringLimits.DEFAULT,
            ReferenceLibrary.open(Files.createDirectory(folder.resolve("references")), 1),
            new Ingest(store, policies, tally, clock, 1),
            store,
            EngineLoader.NONE,
            clock,
            clock);
    EventReaders events = new EventReaders(vertx, EventLimits.DEFAULT, Run::name, clock);
    exposition =
        new Exposition(
            vertx,
            registry,
            MetricChoice.ALL,
            new Sources(runs, store, policies, tally, scoring, events, Optional.empty()),
            clock);
  }

  Vertx vertx() {
    return vertx;
  }

  RunRegistry runs() {
    return runs;
  }

  Exposition exposition() {
    return exposition;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    scoring.close();
    store.close();
  }
}
