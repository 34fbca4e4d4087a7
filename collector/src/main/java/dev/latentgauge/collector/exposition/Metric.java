package dev.latentgauge.collector.exposition;

import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every metric of the collector: its name, type, unit, labels and help.
 *
 * <p>Dashboards, alerts and documentation are written against these names. What Vert.x and the JVM
 * report of themselves is not here.
 */
public enum Metric {
  /** {@code latentgauge_similarity}. */
  SIMILARITY(
      Type.GAUGE,
      "latentgauge_similarity",
      Labelled.MEASUREMENT,
      "Mean inner product of the profiles of run and reference on the same probe, -1 to 1."),
  /** {@code latentgauge_similarity_chance}. */
  SIMILARITY_CHANCE(
      Type.GAUGE,
      "latentgauge_similarity_chance",
      Labelled.MEASUREMENT,
      "Mean inner product of the profiles of run and reference on different probes, -1 to 1."),
  /** {@code latentgauge_score}. */
  SCORE(
      Type.GAUGE,
      "latentgauge_score",
      Labelled.MEASUREMENT,
      "Agreement with the reference beyond chance: 0 is chance, 1 is identity."),
  /** {@code latentgauge_score_standard_error}. */
  SCORE_STANDARD_ERROR(
      Type.GAUGE,
      "latentgauge_score_standard_error",
      Labelled.MEASUREMENT,
      "Standard error of the score over the choice of probes."),
  /** {@code latentgauge_score_floor}. */
  SCORE_FLOOR(
      Type.GAUGE,
      "latentgauge_score_floor",
      Labelled.MEASUREMENT,
      "Score of an untrained model against the reference, at most 1."),
  /** {@code latentgauge_score_ceiling}. */
  SCORE_CEILING(
      Type.GAUGE,
      "latentgauge_score_ceiling",
      Labelled.MEASUREMENT,
      "Score of a second good training against the reference, at most 1."),
  /** {@code latentgauge_gauged_score_ratio}. */
  GAUGED_SCORE(
      Type.GAUGE,
      "latentgauge_gauged_score_ratio",
      Labelled.MEASUREMENT,
      "Score between the floor (0) and the ceiling (1) of the reference; may lie outside."),
  /** {@code latentgauge_predicted_accuracy_ratio}. */
  PREDICTED_ACCURACY(
      Type.GAUGE,
      "latentgauge_predicted_accuracy_ratio",
      Labelled.MEASUREMENT,
      "Accuracy that such a score meant for the runs of the calibration, at their step; at other"
          + " steps it misleads."),
  /** {@code latentgauge_predicted_accuracy_ratio_low}. */
  PREDICTED_ACCURACY_LOW(
      Type.GAUGE,
      "latentgauge_predicted_accuracy_ratio_low",
      Labelled.MEASUREMENT,
      "Lower end of the interval of the predicted accuracy."),
  /** {@code latentgauge_predicted_accuracy_ratio_high}. */
  PREDICTED_ACCURACY_HIGH(
      Type.GAUGE,
      "latentgauge_predicted_accuracy_ratio_high",
      Labelled.MEASUREMENT,
      "Upper end of the interval of the predicted accuracy."),
  /** {@code latentgauge_linear_cka}. */
  LINEAR_CKA(
      Type.GAUGE,
      "latentgauge_linear_cka",
      Labelled.MEASUREMENT,
      "Linear centred kernel alignment with the reference, 0 to 1."),
  /** {@code latentgauge_effective_rank}. */
  EFFECTIVE_RANK(
      Type.GAUGE,
      "latentgauge_effective_rank",
      Labelled.MEASUREMENT,
      "Participation ratio of the covariance of the embeddings, from 1 to their dimension."),
  /** {@code latentgauge_neighbour_overlap_ratio}. */
  NEIGHBOUR_OVERLAP(
      Type.GAUGE,
      "latentgauge_neighbour_overlap_ratio",
      Labelled.MEASUREMENT,
      "Share of nearest anchors in common with the reference."),
  /** {@code latentgauge_prediction_agreement_ratio}. */
  PREDICTION_AGREEMENT(
      Type.GAUGE,
      "latentgauge_prediction_agreement_ratio",
      Labelled.MEASUREMENT,
      "Share of probes on which run and reference predict the same class."),
  /** {@code latentgauge_probe_duration_seconds}. */
  PROBE_DURATION(
      Type.GAUGE,
      "latentgauge_probe_duration_seconds",
      Labelled.MEASUREMENT,
      "How long the training waited for the newest measurement."),
  /** {@code latentgauge_last_observation_timestamp_seconds}. */
  LAST_OBSERVATION_TIMESTAMP(
      Type.GAUGE,
      "latentgauge_last_observation_timestamp_seconds",
      Labelled.MEASUREMENT,
      "When the newest measurement was made, by the clock of the training machine."),
  /** {@code latentgauge_undefined_measurements_total}. */
  UNDEFINED_MEASUREMENTS(
      Type.COUNTER,
      "latentgauge_undefined_measurements_total",
      Labelled.MEASUREMENT,
      "Measurements that had no score."),
  /** {@code latentgauge_epoch}. */
  EPOCH(
      Type.GAUGE,
      "latentgauge_epoch",
      Labelled.RUN,
      "Passes over the data at the newest measurement; may be a fraction."),
  /** {@code latentgauge_step}. */
  STEP(
      Type.GAUGE,
      "latentgauge_step",
      Labelled.RUN,
      "Optimiser updates applied to the weights that were measured last."),
  /** {@code latentgauge_evaluation}. */
  EVALUATION(
      Type.GAUGE,
      "latentgauge_evaluation",
      List.of("run", "evaluator"),
      "What the evaluators of the training itself say."),
  /** {@code latentgauge_run_info}. */
  RUN_INFO(
      Type.INFO,
      "latentgauge_run_info",
      Labelled.RUN,
      "What is known of a run: attempt, model, dataset, and its tags as tag_NAME."),
  /** {@code latentgauge_run_state}. */
  RUN_STATE(
      Type.GAUGE,
      "latentgauge_run_state",
      List.of("run", "state"),
      "1 for the state that the run is in, 0 for the others."),
  /** {@code latentgauge_run_stop_directive}. */
  RUN_STOP_DIRECTIVE(
      Type.GAUGE,
      "latentgauge_run_stop_directive",
      Labelled.RUN,
      "1 if the run is told to stop, 0 if it is not."),
  /** {@code latentgauge_overhead_ratio}. */
  OVERHEAD(
      Type.GAUGE,
      "latentgauge_overhead_ratio",
      Labelled.RUN,
      "Share of its time that the training has so far waited for measurements."),
  /** {@code latentgauge_overhead_budget_ratio}. */
  OVERHEAD_BUDGET(
      Type.GAUGE,
      "latentgauge_overhead_budget_ratio",
      Labelled.RUN,
      "Share of its time that the training may wait for measurements, if they follow a budget."),
  /** {@code latentgauge_training_steps_per_second}. */
  TRAINING_STEPS_PER_SECOND(
      Type.GAUGE,
      "latentgauge_training_steps_per_second",
      Labelled.RUN,
      "Optimiser updates a second since the measurement before, without the time to measure."),
  /** {@code latentgauge_training_device_memory_bytes}. */
  TRAINING_DEVICE_MEMORY(
      Type.GAUGE,
      "latentgauge_training_device_memory_bytes",
      Labelled.RUN,
      "Memory in use on the device that trains, by all processes."),
  /** {@code latentgauge_agent_failures_total}. */
  AGENT_FAILURES(
      Type.COUNTER,
      "latentgauge_agent_failures_total",
      Labelled.RUN,
      "Measurements that failed since the attempt began."),
  /** {@code latentgauge_agent_spooled_reports}. */
  AGENT_SPOOLED_REPORTS(
      Type.GAUGE,
      "latentgauge_agent_spooled_reports",
      Labelled.RUN,
      "Reports that waited on the disk of the training machine."),
  /** {@code latentgauge_agent_dropped_reports_total}. */
  AGENT_DROPPED_REPORTS(
      Type.COUNTER,
      "latentgauge_agent_dropped_reports_total",
      Labelled.RUN,
      "Reports that were given up since the attempt began."),
  /** {@code latentgauge_collector_observations_total}. */
  COLLECTOR_OBSERVATIONS(
      Type.COUNTER,
      "latentgauge_collector_observations_total",
      List.of(),
      "Observations that were ever stored; duplicates do not count."),
  /** {@code latentgauge_collector_rejected_total}. */
  COLLECTOR_REJECTED(
      Type.COUNTER,
      "latentgauge_collector_rejected_total",
      List.of("reason"),
      "Reports and other requests that were refused."),
  /** {@code latentgauge_collector_kafka_reading}. */
  COLLECTOR_KAFKA_READING(
      Type.GAUGE,
      "latentgauge_collector_kafka_reading",
      List.of(),
      "1 while reports are taken from Kafka, 0 while its brokers are away or do not let this"
          + " collector; absent where Kafka is not used."),
  /** {@code latentgauge_collector_kafka_waiting_reports}. */
  COLLECTOR_KAFKA_WAITING_REPORTS(
      Type.GAUGE,
      "latentgauge_collector_kafka_waiting_reports",
      List.of(),
      "Reports in the partitions of Kafka's topic that this collector reads which are not stored yet;"
          + " absent while they are not read."),
  /** {@code latentgauge_collector_stop_decisions_total}. */
  COLLECTOR_STOP_DECISIONS(
      Type.COUNTER,
      "latentgauge_collector_stop_decisions_total",
      List.of("policy", "action"),
      "Decisions of a stop policy since it was defined: stop, continue, or undecided for want of"
          + " runs to compare."),
  /** {@code latentgauge_collector_runs}. */
  COLLECTOR_RUNS(
      Type.GAUGE,
      "latentgauge_collector_runs",
      List.of("state"),
      "Runs that are shown here: the live ones, and those that ended not long ago."),
  /** {@code latentgauge_collector_history_runs}. */
  COLLECTOR_HISTORY_RUNS(
      Type.GAUGE, "latentgauge_collector_history_runs", List.of(), "Runs that are stored."),
  /** {@code latentgauge_collector_history_observations}. */
  COLLECTOR_HISTORY_OBSERVATIONS(
      Type.GAUGE,
      "latentgauge_collector_history_observations",
      List.of(),
      "Observations that are stored."),
  /** {@code latentgauge_collector_history_sketches}. */
  COLLECTOR_HISTORY_SKETCHES(
      Type.GAUGE,
      "latentgauge_collector_history_sketches",
      List.of(),
      "Sketches that are stored, by which runs are compared with each other."),
  /** {@code latentgauge_collector_history_size_bytes}. */
  COLLECTOR_HISTORY_SIZE(
      Type.GAUGE,
      "latentgauge_collector_history_size_bytes",
      List.of(),
      "What is stored comes to, roughly; the limit of the history counts so."),
  /** {@code latentgauge_collector_history_writable}. */
  COLLECTOR_HISTORY_WRITABLE(
      Type.GAUGE,
      "latentgauge_collector_history_writable",
      List.of(),
      "1 if what came in last could be stored, 0 if the database failed."),
  /** {@code latentgauge_collector_expired_runs_total}. */
  COLLECTOR_EXPIRED_RUNS(
      Type.COUNTER,
      "latentgauge_collector_expired_runs_total",
      List.of(),
      "Runs that were deleted for their age or for room."),
  /** {@code latentgauge_collector_waiting_changes}. */
  COLLECTOR_WAITING_CHANGES(
      Type.GAUGE,
      "latentgauge_collector_waiting_changes",
      List.of(),
      "Reports that wait to be made durable."),
  /** {@code latentgauge_collector_commit_duration_seconds}. */
  COLLECTOR_COMMIT_DURATION(
      Type.SUMMARY,
      "latentgauge_collector_commit_duration_seconds",
      List.of(),
      "How long it took to make what came in durable, each time for all that waited."),
  /** {@code latentgauge_collector_build_info}. */
  COLLECTOR_BUILD_INFO(
      Type.INFO,
      "latentgauge_collector_build_info",
      List.of("version"),
      "The version of the collector that answers."),
  /** {@code latentgauge_collector_event_loop_delay_seconds}. */
  COLLECTOR_EVENT_LOOP_DELAY(
      Type.SUMMARY,
      "latentgauge_collector_event_loop_delay_seconds",
      List.of(),
      "How much later than it was due the thread that accepts requests did something, looked at once"
          + " a second."),
  /** {@code latentgauge_collector_references}. */
  COLLECTOR_REFERENCES(
      Type.GAUGE, "latentgauge_collector_references", List.of(), "References that are kept here."),
  /** {@code latentgauge_collector_scoring_in_progress}. */
  COLLECTOR_SCORING_IN_PROGRESS(
      Type.GAUGE,
      "latentgauge_collector_scoring_in_progress",
      List.of(),
      "Embeddings and references that are being received, wait, or are scored."),
  /** {@code latentgauge_collector_scoring_duration_seconds}. */
  COLLECTOR_SCORING_DURATION(
      Type.SUMMARY,
      "latentgauge_collector_scoring_duration_seconds",
      List.of(),
      "How long it took to score embeddings, once they were received and had a thread."),
  /** {@code latentgauge_collector_event_readers}. */
  COLLECTOR_EVENT_READERS(
      Type.GAUGE,
      "latentgauge_collector_event_readers",
      List.of(),
      "Clients that are connected to read events."),
  /** {@code latentgauge_collector_event_dropped_readers_total}. */
  COLLECTOR_EVENT_DROPPED_READERS(
      Type.COUNTER,
      "latentgauge_collector_event_dropped_readers_total",
      List.of(),
      "Readers of events that were dropped, as they took nothing or were too far behind."),
  /** {@code latentgauge_collector_scrape_duration_seconds}. */
  COLLECTOR_SCRAPE_DURATION(
      Type.SUMMARY,
      "latentgauge_collector_scrape_duration_seconds",
      List.of(),
      "How long it took to collect, render and compress an answer to a scrape.");

  /** What several collectors of one history do not tell alike. */
  private static final Set<Metric> OF_THE_PROCESS =
      Collections.unmodifiableSet(
          EnumSet.of(
              COLLECTOR_REJECTED,
              COLLECTOR_KAFKA_READING,
              COLLECTOR_KAFKA_WAITING_REPORTS,
              COLLECTOR_HISTORY_WRITABLE,
              COLLECTOR_WAITING_CHANGES,
              COLLECTOR_COMMIT_DURATION,
              COLLECTOR_BUILD_INFO,
              COLLECTOR_EVENT_LOOP_DELAY,
              COLLECTOR_SCORING_IN_PROGRESS,
              COLLECTOR_SCORING_DURATION,
              COLLECTOR_EVENT_READERS,
              COLLECTOR_EVENT_DROPPED_READERS,
              COLLECTOR_SCRAPE_DURATION));

  private final Type type;
  private final String exposedName;

  @SuppressWarnings("Immutable") // made by List.of
  private final List<String> labels;

  private final String help;

  Metric(Type type, String exposedName, List<String> labels, String help) {
    this.type = type;
    this.exposedName = exposedName;
    this.labels = labels;
    this.help = help;
  }

  /** What kind of number it is. */
  public enum Type {
    /** It goes up and down. */
    GAUGE(""),
    /** It only goes up, until what counts is started again. */
    COUNTER("_total"),
    /** It is always 1, and says something by its labels. */
    INFO("_info"),
    /** How often something happened, and how much that came to. */
    SUMMARY("");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Labels that several metrics have. */
  private static final class Labelled {
    static final List<String> RUN = List.of("run");
    static final List<String> MEASUREMENT = List.of("run", "layer", "reference");
  }

  /**
   * The kind of number.
   *
   * @return its type
   */
  public Type type() {
    return type;
  }

  /**
   * The name that queries use; a summary adds {@code _count} and {@code _sum}.
   *
   * @return a name such as {@code latentgauge_agent_failures_total}
   */
  public String exposedName() {
    return exposedName;
  }

  /**
   * The labels that each of its series has; {@link #RUN_INFO} has more.
   *
   * @return names of labels, unmodifiable
   */
  public List<String> labels() {
    return labels;
  }

  /**
   * What it is told of.
   *
   * @return the history, or the process that answers
   */
  public MetricScope scope() {
    return OF_THE_PROCESS.contains(this) ? MetricScope.PROCESS : MetricScope.HISTORY;
  }

  /**
   * What it means.
   *
   * @return one sentence
   */
  public String help() {
    return help;
  }

  /** Name without the suffix of the type, help and unit, as the client library wants them. */
  MetricMetadata metadata() {
    String name = exposedName.substring(0, exposedName.length() - type.suffix.length());
    return new MetricMetadata(name, help, unit());
  }

  /** The unit is what the name ends with, as Prometheus has it. */
  private @Nullable Unit unit() {
    if (exposedName.endsWith("_seconds")) {
      return Unit.SECONDS;
    }
    if (exposedName.endsWith("_bytes")) {
      return Unit.BYTES;
    }
    return exposedName.endsWith("_ratio") ? Unit.RATIO : null;
  }
}
