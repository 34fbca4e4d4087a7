package dev.latentgauge.examples.stitching;

import java.util.Locale;

/** How numbers are written in the tables of the experiments. */
public final class Numbers {

  private Numbers() {}

  /**
   * A mean with the reach of its 95 % interval.
   *
   * @param estimate of what
   * @param scale what it is multiplied by, such as 100 for per cent
   * @return such as {@code 81.2 ± 3.4}, with three significant digits or so
   */
  public static String withReach(Estimate estimate, double scale) {
    return plain(estimate.mean() * scale)
        + (Double.isInfinite(estimate.reach()) ? "" : " ± " + plain(estimate.reach() * scale));
  }

  /**
   * A number with as many digits as matter.
   *
   * @param number finite
   * @return two digits after the point below 10, one below 100, none from there
   */
  public static String plain(double number) {
    double size = Math.abs(number);
    int digits = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }
}
