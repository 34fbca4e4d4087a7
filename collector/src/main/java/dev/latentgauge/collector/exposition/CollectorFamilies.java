package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Durations;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.scoring.Scoring;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.List;

/**
 * All metrics of {@link Metric}, read afresh at each scrape, so that they agree with each other and
 * a series ends when its run does.
 */
final class CollectorFamilies implements MultiCollector {

  private final MetricChoice choice;
  private final RunRegistry runs;
  private final Tally tally;
  private final Scoring scoring;
  private final EventReaders events;
  private final Durations scrapes;
  private final InstantSource clock;

  CollectorFamilies(
      MetricChoice choice,
      RunRegistry runs,
      Tally tally,
      Scoring scoring,
      EventReaders events,
      Durations scrapes,
      InstantSource clock) {
    this.choice = choice;
    this.runs = runs;
    this.tally = tally;
    this.scoring = scoring;
    this.events = events;
    this.scrapes = scrapes;
    this.clock = clock;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families(choice);
    List<Run> shown = runs.shown(clock.instant());
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
    families.add(Metric.COLLECTOR_OBSERVATIONS, Labels.EMPTY, tally.accepted());
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      families.add(
          Metric.COLLECTOR_REJECTED, Labels.of("reason", reason.text()), tally.rejected(reason));
    }
    families.add(Metric.COLLECTOR_REFERENCES, Labels.EMPTY, scoring.references());
    families.add(Metric.COLLECTOR_SCORING_IN_PROGRESS, Labels.EMPTY, scoring.entered());
    Durations scored = scoring.times();
    families.addSummary(Metric.COLLECTOR_SCORING_DURATION, scored.count(), scored.sumSeconds());
    families.add(Metric.COLLECTOR_EVENT_READERS, Labels.EMPTY, events.count());
    families.add(Metric.COLLECTOR_EVENT_DROPPED_READERS, Labels.EMPTY, events.dropped());
    families.addSummary(Metric.COLLECTOR_SCRAPE_DURATION, scrapes.count(), scrapes.sumSeconds());
  }
}
