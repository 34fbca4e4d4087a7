package dev.latentgauge.examples.study.statistics;

/** A kind of correlation. */
public enum Coefficient {
  /** How far the pairs lie on a line. */
  PEARSON,
  /** How far both put the runs into the same order; equal ones share the average of their ranks. */
  SPEARMAN;

  /** The correlation of drawn pairs; a pair with a NaN in {@code x} is left out. */
  SampleStatistic between(double[] x, double[] y) {
    return this == PEARSON ? DrawnCorrelation.pearson(x, y) : DrawnCorrelation.spearman(x, y);
  }
}
