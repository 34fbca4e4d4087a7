package dev.latentgauge.relative;

/**
 * One comparison of a run with its reference: the outcome, and what each probe contributed to it.
 *
 * <p>Immutable, and on the host.
 */
public final class Measurement {

  private final Outcome outcome;
  private final int zeroRows;
  private final double[] influences;

  Measurement(Outcome outcome, int zeroRows, double[] influences) {
    this.outcome = outcome;
    this.zeroRows = zeroRows;
    this.influences = influences;
  }

  /**
   * What the measurement came to.
   *
   * @return the score, or why there is none
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * How many probes the run embedded as zero, which says nothing about them.
   *
   * @return a count from 0 to n; 0 if it could not be counted
   */
  public int zeroRows() {
    return zeroRows;
  }

  /**
   * How far each probe pulled the score away from its value: they sum to zero, and the sum of their
   * squares over n(n-1) is the squared standard error.
   *
   * @return n influences in the order of the probes, a copy; empty if the score is undefined
   */
  public double[] influences() {
    return influences.clone();
  }
}
