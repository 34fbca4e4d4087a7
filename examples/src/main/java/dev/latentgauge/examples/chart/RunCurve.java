package dev.latentgauge.examples.chart;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was measured of one run while it trained.
 *
 * @param name what people call the run
 * @param points the measurements, kept in the order of their steps; may be empty
 */
public record RunCurve(String name, List<Point> points) {

  /** Sorts the points. */
  public RunCurve {
    points = points.stream().sorted(Comparator.comparingLong(Point::step)).toList();
  }

  /**
   * The measurements at one step; absent is what was not measured or is undefined.
   *
   * @param step the optimiser updates before the measurement, at least 0
   * @param score the agreement with the reference; 0 is chance, 1 is identity
   * @param standardError of the score, at least 0; absent if the score is
   * @param accuracy the share of right answers on the test set, in [0, 1]
   */
  public record Point(
      long step, OptionalDouble score, OptionalDouble standardError, OptionalDouble accuracy) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is not finite or out of its range, or there is a
     *     standard error but no score
     */
    public Point {
      require(step >= 0, "the step", "at least 0", step);
      score.ifPresent(s -> require(Double.isFinite(s), "the score", "finite or absent", s));
      standardError.ifPresent(
          e ->
              require(
                  e >= 0 && Double.isFinite(e), "the standard error", "at least 0 and finite", e));
      accuracy.ifPresent(a -> require(a >= 0 && a <= 1, "the accuracy", "in [0, 1] or absent", a));
      if (standardError.isPresent() && score.isEmpty()) {
        throw new IllegalArgumentException(
            "a standard error must have a score, but is alone at step " + step);
      }
    }

    /**
     * A point with everything measured.
     *
     * @param step the optimiser updates before the measurement, at least 0
     * @param score the agreement with the reference
     * @param standardError of the score, at least 0
     * @param accuracy the share of right answers on the test set, in [0, 1]
     * @return the point
     * @throws IllegalArgumentException if a number is not finite or out of its range
     */
    public static Point of(long step, double score, double standardError, double accuracy) {
      return new Point(
          step,
          OptionalDouble.of(score),
          OptionalDouble.of(standardError),
          OptionalDouble.of(accuracy));
    }

    /**
     * A point whose score is undefined.
     *
     * @param step the optimiser updates before the measurement, at least 0
     * @param accuracy the share of right answers on the test set, in [0, 1]
     * @return the point
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Point unscored(long step, double accuracy) {
      return new Point(
          step, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.of(accuracy));
    }

    private static void require(boolean holds, String what, String allowed, Number actual) {
      if (!holds) {
        throw new IllegalArgumentException(what + " must be " + allowed + ", but is " + actual);
      }
    }
  }
}
