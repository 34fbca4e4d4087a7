package dev.latentgauge.examples.chart;

/**
 * A measured number and how sure it is.
 *
 * @param value finite; need not lie between the ends, as that of a bootstrap does not always
 * @param low the lower end; may be infinite
 * @param high the upper end, at least {@code low}; may be infinite
 */
public record Interval(double value, double low, double high) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the value is not finite, an end is not a number, or the
   *     ends are in the wrong order
   */
  public Interval {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("the value must be finite, but is " + value);
    }
    // Not "low > high", which NaN would pass.
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "the lower end must not be above the upper one, but they are " + low + " and " + high);
    }
  }

  /**
   * A number of which nothing is known but itself.
   *
   * @param value finite
   * @return it, with both ends at the value
   * @throws IllegalArgumentException if the value is not finite
   */
  public static Interval exactly(double value) {
    return new Interval(value, value, value);
  }
}
