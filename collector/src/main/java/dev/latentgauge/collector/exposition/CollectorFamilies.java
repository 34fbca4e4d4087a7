package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoredPolicy;
import dev.latentgauge.collector.store.Totals;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.stopping.Verdict;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/**
 * All metrics of {@link Metric}, read afresh at each scrape, so that they agree with each other and
 * a series ends when its run does.
 */
final class CollectorFamilies implements MultiCollector {

  private final Sources sources;
  private final MetricChoice choice;
  private final Durations scrapes;

  CollectorFamilies(Sources sources, MetricChoice choice, Durations scrapes) {
    this.sources = sources;
    this.choice = choice;
    this.scrapes = scrapes;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families(choice);
    List<Run> shown = sources.runs().shown();
    RunFamilies runFamilies = new RunFamilies(families);
    runFamilies.addAll(shown);
    addOwn(families, shown);
    return families.build();
  }

  private void addOwn(Families families, List<Run> shown) {
    for (RunState state : RunState.values()) {
      families.add(
          Metric.COLLECTOR_RUNS,
          Labels.of("state", state.text()),
          shown.stream().filter(run -> run.state() == state).count());
    }
    families.add(Metric.COLLECTOR_OBSERVATIONS, Labels.EMPTY, sources.store().accepted());
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      families.add(
          Metric.COLLECTOR_REJECTED,
          Labels.of("reason", reason.text()),
          sources.tally().rejected(reason));
    }
    for (StoredPolicy policy : sources.policies().known()) {
      for (Verdict.Action action : Verdict.Action.values()) {
        families.add(
            Metric.COLLECTOR_STOP_DECISIONS,
            Labels.of("policy", policy.policy().name(), "action", action.text()),
            policy.count(action));
      }
    }
    sources
        .bus()
        .ifPresent(
            bus -> {
              families.add(Metric.COLLECTOR_KAFKA_READING, Labels.EMPTY, bus.isReading() ? 1 : 0);
              families.add(Metric.COLLECTOR_KAFKA_WAITING_REPORTS, Labels.EMPTY, bus.waiting());
            });
    addStore(families);
    Scoring scoring = sources.scoring();
    families.add(Metric.COLLECTOR_REFERENCES, Labels.EMPTY, scoring.references());
    families.add(Metric.COLLECTOR_SCORING_IN_PROGRESS, Labels.EMPTY, scoring.entered());
    addSummary(families, Metric.COLLECTOR_SCORING_DURATION, scoring.times());
    families.add(Metric.COLLECTOR_EVENT_READERS, Labels.EMPTY, sources.events().count());
    families.add(Metric.COLLECTOR_EVENT_DROPPED_READERS, Labels.EMPTY, sources.events().dropped());
    addSummary(families, Metric.COLLECTOR_SCRAPE_DURATION, scrapes);
  }

  private void addStore(Families families) {
    Store store = sources.store();
    Totals totals = store.totals();
    families.add(Metric.COLLECTOR_HISTORY_RUNS, Labels.EMPTY, totals.runs());
    families.add(Metric.COLLECTOR_HISTORY_OBSERVATIONS, Labels.EMPTY, totals.observations());
    families.add(Metric.COLLECTOR_HISTORY_SKETCHES, Labels.EMPTY, totals.sketches());
    families.add(Metric.COLLECTOR_HISTORY_SIZE, Labels.EMPTY, totals.bytes());
    families.add(
        Metric.COLLECTOR_HISTORY_WRITABLE, Labels.EMPTY, store.trouble().isEmpty() ? 1 : 0);
    families.add(Metric.COLLECTOR_EXPIRED_RUNS, Labels.EMPTY, store.expired());
    families.add(Metric.COLLECTOR_WAITING_CHANGES, Labels.EMPTY, store.waiting());
    addSummary(families, Metric.COLLECTOR_COMMIT_DURATION, store.commits());
  }

  private static void addSummary(Families families, Metric metric, Durations durations) {
    families.addSummary(metric, durations.count(), durations.sumSeconds());
  }
}
