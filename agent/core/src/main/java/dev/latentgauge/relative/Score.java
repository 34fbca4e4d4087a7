package dev.latentgauge.relative;

/**
 * How far the relative representation of a run agrees with that of a reference, beyond chance.
 *
 * <p>The score is the unbiased multivariate concordance correlation (Lin 1989) of the profiles of
 * run and reference: zero is what two unrelated representations reach, one is identity; below zero
 * is worse than unrelated. Zero is not "untrained" and one is not attainable: an untrained network
 * already agrees to some degree with a trained one, and two good trainings never agree fully.
 *
 * @param similarity the mean inner product of matching profiles, in [-1, 1]
 * @param chance the mean inner product of mismatched profiles, in [-1, 1]
 * @param value the score, (similarity - chance) / (1 - chance), at most 1
 * @param standardError the standard error of {@code value} over the choice of probes, at least 0;
 *     that over the choice of anchors is larger, and common to all runs of one reference
 * @param probes n, at least 3
 * @param anchors k, at least 1
 */
public record Score(
    double similarity, double chance, double value, double standardError, int probes, int anchors)
    implements Outcome {

  /**
   * Checks that the numbers are finite and the counts positive.
   *
   * @throws IllegalArgumentException if not, naming the number
   */
  public Score {
    requireFinite("similarity", similarity);
    requireFinite("chance", chance);
    requireFinite("score", value);
    requireFinite("standardError", standardError);
    if (standardError < 0) {
      throw new IllegalArgumentException(
          "standardError must be at least 0, but is " + standardError);
    }
    if (probes < 3) {
      throw new IllegalArgumentException("probes must be at least 3, but are " + probes);
    }
    if (anchors < 1) {
      throw new IllegalArgumentException("anchors must be at least 1, but are " + anchors);
    }
  }

  private static void requireFinite(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(name + " must be finite, but is " + number);
    }
  }
}
