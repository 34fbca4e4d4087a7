package dev.latentgauge.examples.stitching;

import dev.latentgauge.examples.chart.Interval;

/**
 * A mean over trainings and pairs of them, and how sure it is.
 *
 * @param mean over all numbers
 * @param spread the standard deviation of the numbers, as papers state it
 * @param reach half the width of the 95 % interval around the mean; infinite where a kind was
 *     trained less than three times
 * @param count of the numbers
 */
public record Estimate(double mean, double spread, double reach, int count) {

  /**
   * The lower end of the interval.
   *
   * @return the mean less the reach
   */
  public double low() {
    return mean - reach;
  }

  /**
   * The upper end of the interval.
   *
   * @return the mean and the reach
   */
  public double high() {
    return mean + reach;
  }

  /**
   * The mean and its interval, to be drawn.
   *
   * @param scale what they are multiplied by, such as 100 for per cent; above 0
   * @return the interval
   */
  public Interval interval(double scale) {
    return new Interval(scale * mean, scale * low(), scale * high());
  }
}
