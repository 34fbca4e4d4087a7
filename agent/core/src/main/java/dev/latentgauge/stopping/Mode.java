package dev.latentgauge.stopping;

/** Whether larger or smaller values are better. */
public enum Mode {
  /** Larger is better. */
  MAX,
  /** Smaller is better. */
  MIN;

  /**
   * How far a value is better than another.
   *
   * @param value the value
   * @param than the other
   * @return the difference; negative if it is worse
   */
  public double gain(double value, double than) {
    return this == MAX ? value - than : than - value;
  }
}
