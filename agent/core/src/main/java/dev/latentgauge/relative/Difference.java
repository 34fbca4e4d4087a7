package dev.latentgauge.relative;

/**
 * By how much one score exceeds another that was measured with the same probes and reference.
 *
 * @param value the first score less the second
 * @param standardError the standard error of {@code value} over the choice of probes; as the probes
 *     are the same, what they do to both scores cancels, and it can be a tenth of what the errors
 *     of the two scores suggest
 */
public record Difference(double value, double standardError) {

  /**
   * How probable so large a difference, or a larger one, is over the choice of probes if there is
   * none in truth: the upper tail of the normal distribution. Of many checkpoints that do not
   * differ, a share of {@code p} will show a probability below {@code p}.
   *
   * @return from 0 to 1; without an error, 0 for a difference above 0, and 1 otherwise
   */
  public double probabilityByChance() {
    if (standardError > 0) {
      return upperTail(value / standardError);
    }
    return value > 0 ? 0 : 1;
  }

  /**
   * One less the distribution function of the standard normal, to 1e-7: formula 7.1.26 of
   * Abramowitz and Stegun, Handbook of Mathematical Functions (1964).
   */
  private static double upperTail(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    double tail = polynomial * Math.exp(-x * x) / 2;
    return z >= 0 ? tail : 1 - tail;
  }
}
