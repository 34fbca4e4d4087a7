package dev.latentgauge.examples.study.statistics;

/**
 * What becomes of the trend of training, which a correlation within a run mostly consists of:
 * accuracy and most measures rise with the steps, and so a step counter "predicts" accuracy.
 */
public enum Trend {
  /** It counts. */
  KEPT,
  /**
   * What a constant, the step and its logarithm explain is taken out of both measure and accuracy,
   * run by run, and what is left is correlated: the partial correlation given these.
   */
  REMOVED
}
