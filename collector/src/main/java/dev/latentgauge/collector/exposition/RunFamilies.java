package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.run.SeriesState;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/**
 * The metrics of one run.
 *
 * <p>Gauges follow the highest step of the run's current attempt; a series of which this attempt
 * has measured nothing yet has none. What is not known, or not defined, is left out.
 */
final class RunFamilies {

  /** Label by label in the order of their names: layer, reference, run. */
  private static final Comparator<Measured> BY_LABELS =
      Comparator.comparing(Measured::series).thenComparing(measured -> measured.run().name());

  private record Measured(Run run, Map.Entry<Series, SeriesState> entry) {
    Series series() {
      return entry.getKey();
    }
  }

  private final Families families;

  RunFamilies(Families families) {
    this.families = families;
  }

  /**
   * The library sorts the series of each metric by their labels, and checks that they differ. In
   * that order already, they cost one comparison each.
   */
  void addAll(Collection<Run> runs) {
    runs.stream().sorted(Comparator.comparing(Run::name)).forEach(this::addRun);
    runs.stream()
        .flatMap(run -> run.series().entrySet().stream().map(entry -> new Measured(run, entry)))
        .sorted(BY_LABELS)
        .forEach(this::addSeries);
  }

  private void addRun(Run run) {
    Labels labels = Labels.of("run", run.name());
    families.add(Metric.RUN_INFO, info(run.info()), 1);
    for (RunState state : RunState.values()) {
      families.add(
          Metric.RUN_STATE, labels.add("state", state.text()), run.state() == state ? 1 : 0);
    }
    families.add(Metric.RUN_STOP_DIRECTIVE, labels, run.directive().stops() ? 1 : 0);
    run.newest().ifPresent(newest -> addRun(labels, newest));
  }

  private void addSeries(Measured measured) {
    Labels labels = labels(measured.run().name(), measured.series());
    SeriesState state = measured.entry().getValue();
    families.add(Metric.UNDEFINED_MEASUREMENTS, labels, state.undefined());
    if (state.latest().key().attempt() == measured.run().attempt()) {
      addMeasurement(labels, state.latest());
    }
  }

  private static Labels labels(String run, Series series) {
    return Labels.of("run", run, "layer", series.layer(), "reference", series.reference());
  }

  private static Labels info(RunInfo info) {
    Labels.Builder labels =
        Labels.builder()
            .label("run", info.name())
            .label("attempt", Integer.toString(info.attempt()));
    info.model().ifPresent(model -> labels.label("model", model));
    info.dataset().ifPresent(dataset -> labels.label("dataset", dataset));
    Map<String, String> names = TagLabels.of(info.tags().keySet());
    names.forEach((tag, label) -> labels.label(label, info.tags().getOrDefault(tag, "")));
    return labels.build();
  }

  private void addRun(Labels labels, Observation newest) {
    families.add(Metric.EPOCH, labels, newest.epoch());
    families.add(Metric.STEP, labels, newest.key().step());
    families.add(Metric.OVERHEAD, labels, newest.overheadRatio());
    families.add(Metric.OVERHEAD_BUDGET, labels, newest.overheadBudgetRatio());
    families.add(Metric.TRAINING_STEPS_PER_SECOND, labels, newest.training().stepsPerSecond());
    families.add(Metric.TRAINING_DEVICE_MEMORY, labels, newest.training().deviceMemoryBytes());
    families.add(Metric.AGENT_FAILURES, labels, newest.agent().failures());
    families.add(Metric.AGENT_SPOOLED_REPORTS, labels, newest.agent().spooled());
    families.add(Metric.AGENT_DROPPED_REPORTS, labels, newest.agent().dropped());
    newest
        .evaluations()
        .forEach(
            (evaluator, value) ->
                families.add(Metric.EVALUATION, labels.add("evaluator", evaluator), value));
  }

  private void addMeasurement(Labels labels, Observation observation) {
    if (observation.outcome() instanceof Score score) {
      families.add(Metric.SIMILARITY, labels, score.similarity());
      families.add(Metric.SIMILARITY_CHANCE, labels, score.chance());
      families.add(Metric.SCORE, labels, score.value());
      families.add(Metric.SCORE_STANDARD_ERROR, labels, score.standardError());
    }
    families.add(Metric.SCORE_FLOOR, labels, observation.scoreFloor());
    families.add(Metric.SCORE_CEILING, labels, observation.scoreCeiling());
    families.add(Metric.GAUGED_SCORE, labels, observation.gaugedScore());
    observation
        .predictedAccuracy()
        .ifPresent(
            predicted -> {
              families.add(Metric.PREDICTED_ACCURACY, labels, predicted.value());
              families.add(Metric.PREDICTED_ACCURACY_LOW, labels, predicted.low());
              families.add(Metric.PREDICTED_ACCURACY_HIGH, labels, predicted.high());
            });
    Companions companions = observation.companions();
    families.add(Metric.LINEAR_CKA, labels, companions.linearCka());
    families.add(Metric.EFFECTIVE_RANK, labels, companions.effectiveRank());
    families.add(Metric.NEIGHBOUR_OVERLAP, labels, companions.neighbourOverlap());
    families.add(Metric.PREDICTION_AGREEMENT, labels, companions.predictionAgreement());
    families.add(Metric.PROBE_DURATION, labels, observation.probeSeconds());
    families.add(Metric.LAST_OBSERVATION_TIMESTAMP, labels, seconds(observation.time()));
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() * 1e-9;
  }
}
