package dev.latentgauge.agent.report;

/**
 * The names of the agent's meters, in Micrometer's spelling; a Prometheus registry makes {@code
 * latentgauge_score} of {@code latentgauge.score}.
 *
 * <p>They are those of the collector, so that a dashboard works with either.
 */
public final class AgentMeters {

  /** Mean inner product of matching profiles, from -1 to 1. */
  public static final String SIMILARITY = "latentgauge.similarity";

  /** Mean inner product of mismatched profiles, from -1 to 1. */
  public static final String SIMILARITY_CHANCE = "latentgauge.similarity.chance";

  /** Agreement with the reference beyond chance: 0 is chance, 1 is identity. */
  public static final String SCORE = "latentgauge.score";

  /** Standard error of the score over the choice of probes. */
  public static final String SCORE_STANDARD_ERROR = "latentgauge.score.standard.error";

  /** Score of an untrained model against the reference. */
  public static final String SCORE_FLOOR = "latentgauge.score.floor";

  /** Score of a second good training against the reference. */
  public static final String SCORE_CEILING = "latentgauge.score.ceiling";

  /** Score between the floor, 0, and the ceiling, 1, of the reference; may lie outside. */
  public static final String GAUGED_SCORE = "latentgauge.gauged.score.ratio";

  /** Accuracy that such a score meant for the runs of the calibration, at their step. */
  public static final String PREDICTED_ACCURACY = "latentgauge.predicted.accuracy.ratio";

  /** Lower end of the interval of the predicted accuracy. */
  public static final String PREDICTED_ACCURACY_LOW = "latentgauge.predicted.accuracy.ratio.low";

  /** Upper end of the interval of the predicted accuracy. */
  public static final String PREDICTED_ACCURACY_HIGH = "latentgauge.predicted.accuracy.ratio.high";

  /** Linear centred kernel alignment with the reference, from 0 to 1. */
  public static final String LINEAR_CKA = "latentgauge.linear.cka";

  /** Participation ratio of the covariance of the embeddings. */
  public static final String EFFECTIVE_RANK = "latentgauge.effective.rank";

  /** Share of nearest anchors in common with the reference. */
  public static final String NEIGHBOUR_OVERLAP = "latentgauge.neighbour.overlap.ratio";

  /** Share of probes on which run and reference predict the same class. */
  public static final String PREDICTION_AGREEMENT = "latentgauge.prediction.agreement.ratio";

  /** How long the training waited for the last measurement, in seconds. */
  public static final String PROBE_DURATION = "latentgauge.probe.duration";

  /** Passes over the data so far. */
  public static final String EPOCH = "latentgauge.epoch";

  /** Optimiser updates applied to the weights that were last measured. */
  public static final String STEP = "latentgauge.step";

  /** What the training's own evaluators say. */
  public static final String EVALUATION = "latentgauge.evaluation";

  /** Share of its time that the training has so far waited for measurements. */
  public static final String OVERHEAD = "latentgauge.overhead.ratio";

  /** Share of its time that the training may wait for measurements, if they follow a budget. */
  public static final String OVERHEAD_BUDGET = "latentgauge.overhead.budget.ratio";

  /** Optimiser updates a second since the measurement before, without the time to measure. */
  public static final String STEPS_PER_SECOND = "latentgauge.training.steps.per.second";

  /** Memory in use on the device that trains, in bytes. */
  public static final String DEVICE_MEMORY = "latentgauge.training.device.memory";

  /** Measurements that failed. */
  public static final String AGENT_FAILURES = "latentgauge.agent.failures";

  /** Reports that are kept on disk until they can be delivered. */
  public static final String AGENT_SPOOLED_REPORTS = "latentgauge.agent.spooled.reports";

  /** Reports that were given up. */
  public static final String AGENT_DROPPED_REPORTS = "latentgauge.agent.dropped.reports";

  /** The tag with the name of the run. */
  public static final String RUN = "run";

  /** The tag with the name of the layer. */
  public static final String LAYER = "layer";

  /** The tag with the name and fingerprint of the reference. */
  public static final String REFERENCE = "reference";

  /** The tag with the name of an evaluator. */
  public static final String EVALUATOR = "evaluator";

  private AgentMeters() {}
}
