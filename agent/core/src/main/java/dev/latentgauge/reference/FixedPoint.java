package dev.latentgauge.reference;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A known model's score against a reference: a point from which other scores can be read, as
 * temperatures are from the freezing and the boiling of water.
 *
 * @param model what the model is called, for people
 * @param score its score, at most 1
 * @param standardError the standard error of the score over the choice of probes, at least 0
 * @param anchorError the standard error over the choice of anchors, at least 0; absent with fewer
 *     than 4 anchors
 */
public record FixedPoint(
    String model, double score, double standardError, OptionalDouble anchorError) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not finite, or an error is negative
   */
  public FixedPoint {
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("the score must be finite, but is " + score);
    }
    requireError("the standard error", standardError);
    anchorError.ifPresent(error -> requireError("the error over anchors", error));
  }

  /** The score of a point that may be unknown. */
  static OptionalDouble scoreOf(Optional<FixedPoint> point) {
    return point.stream().mapToDouble(FixedPoint::score).findFirst();
  }

  private static void requireError(String name, double error) {
    if (!(error >= 0 && error < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, but is " + error);
    }
  }
}
