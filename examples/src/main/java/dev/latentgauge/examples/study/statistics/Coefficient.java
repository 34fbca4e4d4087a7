package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;

/** A kind of correlation. */
public enum Coefficient {
  /** How far the pairs lie on a line. */
  PEARSON,
  /** How far both put the runs into the same order; equal ones share the average of their ranks. */
  SPEARMAN;

  /**
   * The correlation of pairs.
   *
   * @param x one of each; a pair with a NaN in it is left out
   * @param y the other of each
   * @return from -1 to 1; NaN of fewer than three pairs, or if either is constant
   */
  public double of(double[] x, double[] y) {
    int[] once = new int[x.length];
    Arrays.fill(once, 1);
    return between(x, y).of(once);
  }

  /** The correlation of drawn pairs; a pair with a NaN in {@code x} is left out. */
  SampleStatistic between(double[] x, double[] y) {
    return this == PEARSON ? DrawnCorrelation.pearson(x, y) : DrawnCorrelation.spearman(x, y);
  }
}
