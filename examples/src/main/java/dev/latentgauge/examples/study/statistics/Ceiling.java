package dev.latentgauge.examples.study.statistics;

/**
 * How far a perfect measure could correlate with accuracy, which is itself only measured, on a
 * finite test set.
 *
 * <p>The accuracies on two random halves of the test set correlate by r, so by Spearman and Brown
 * the accuracy on all of it has a reliability of 2r / (1 + r), its squared correlation with the
 * accuracy on an endless test set (Brown 1910; Spearman 1910; both British Journal of Psychology
 * 3).
 *
 * @param halves the correlation of the accuracies on both halves
 * @param reliability 2r / (1 + r); 0 where r is below 0
 * @param pearson its square root: what a measure that knows the true accuracy would be expected to
 *     reach. Chance may carry a measure above it, and so may one that sees the test set itself
 */
public record Ceiling(Estimate halves, Estimate reliability, Estimate pearson) {

  /** The reliability of the whole, from the correlation of its halves; NaN from NaN. */
  static double reliability(double halves) {
    return Double.isNaN(halves) ? halves : Math.max(0, 2 * halves / (1 + halves));
  }
}
