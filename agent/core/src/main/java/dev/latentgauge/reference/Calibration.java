package dev.latentgauge.reference;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import java.util.Comparator;
import java.util.List;

/**
 * What accuracy a score against one reference has meant: fitted to runs whose accuracy is known,
 * one point a run.
 *
 * <p>The prediction is the isotonic regression of accuracy on score (Barlow et al. 1972), its
 * interval that of the jackknife+ (Barber et al. 2021), which assumes no distribution. Of runs that
 * are <em>exchangeable</em> with those that it was fitted to, it contains the accuracy with a
 * probability of at least 1 - 2(1 - coverage), and in practice about the coverage. Exchangeable
 * means that the new run could as well have been one of them: the same data and the same kind of
 * run, scored at the same step of its training, and one point a run, since two checkpoints of one
 * run say the same thing twice. For other runs, such as one with another step budget or one that is
 * still at its beginning, the interval promises nothing; early in a training predictions have been
 * seen 30 points too high, so say by {@link #from} where they may begin. The probability is over
 * calibrations and runs together: the runs of one small calibration may have less.
 *
 * <p>A score below all of the calibrated ones has the interval from 0, one above them to 1: what
 * lies beyond was not seen. Takes O(n^2) time to fit up to 1,000 points, O(n) above, and O(n log n)
 * to predict. Immutable and thread-safe.
 *
 * @see JackknifePlus
 */
public final class Calibration {

  /** The fewest points that a calibration can have, whatever its coverage. */
  public static final int FEWEST_POINTS = 10;

  /** The most points that a calibration can have. */
  public static final int MOST_POINTS = 10_000;

  /** The coverage that people ask for most. */
  public static final double DEFAULT_COVERAGE = 0.9;

  /** When the interval holds, for people. */
  public static final String CONDITION =
      "The interval holds for runs that could as well have been among those of the calibration:"
          + " the same data, the same kind of run, the same step budget, one point a run."
          + " Of others it promises nothing.";

  /** Less would promise nothing: the bound is 1 - 2(1 - coverage). */
  private static final double LEAST_COVERAGE = 0.5;

  private final List<Point> points;
  private final double coverage;
  private final JackknifePlus fitted;
  private final long fromStep;

  private Calibration(List<Point> points, double coverage, JackknifePlus fitted, long fromStep) {
    this.points = points;
    this.coverage = coverage;
    this.fitted = fitted;
    this.fromStep = fromStep;
  }

  /**
   * One run whose accuracy is known.
   *
   * @param score its score against the reference; at most 1, but for rounding, and at least -3,
   *     which the worst representation of three probes has
   * @param accuracy its accuracy, from 0 to 1
   */
  public record Point(double score, double accuracy) {

    private static final double LOWEST = -3;
    private static final double HIGHEST = 1;
    private static final double ROUNDING = 1e-3;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not a number or out of range
     */
    public Point {
      if (!(score >= LOWEST && score <= HIGHEST + ROUNDING)) {
        throw new IllegalArgumentException("the score must be from -3 to 1, but is " + score);
      }
      if (!(accuracy >= 0 && accuracy <= 1)) {
        throw new IllegalArgumentException("the accuracy must be from 0 to 1, but is " + accuracy);
      }
      // One zero alone, so that equal scores are the same score.
      score += 0.0;
      accuracy += 0.0;
    }
  }

  /**
   * Fits a calibration.
   *
   * @param points one a run, in any order
   * @param coverage how often the interval should contain the accuracy, from .5 to below 1; .9
   *     needs {@value #FEWEST_POINTS} points, .95 needs 19, and .99 needs 99
   * @return the calibration
   * @throws IllegalArgumentException if there are too few points for the coverage, more than
   *     {@value #MOST_POINTS}, or the coverage is out of range
   */
  public static Calibration fit(List<Point> points, double coverage) {
    if (!(coverage >= LEAST_COVERAGE && coverage < 1)) {
      throw new IllegalArgumentException(
          "the coverage must be at least " + LEAST_COVERAGE + " and below 1, but is " + coverage);
    }
    long fewest = Math.max(FEWEST_POINTS, JackknifePlus.fewest(coverage));
    if (points.size() < fewest) {
      throw new IllegalArgumentException(
          "a calibration of coverage "
              + coverage
              + " must have at least "
              + fewest
              + " points, one a run, but has "
              + points.size());
    }
    if (points.size() > MOST_POINTS) {
      throw new IllegalArgumentException(
          "a calibration must have at most " + MOST_POINTS + " points, but has " + points.size());
    }
    List<Point> sorted =
        points.stream()
            .sorted(Comparator.comparingDouble(Point::score).thenComparingDouble(Point::accuracy))
            .toList();
    return new Calibration(sorted, coverage, fitted(sorted, coverage), 0);
  }

  /**
   * The same calibration, to be asked about a training from a step on.
   *
   * @param step optimiser updates, about as many as its runs had when they were scored; at least 0
   * @return a calibration that keeps silent about a run before that step
   * @throws IllegalArgumentException if the step is negative
   */
  public Calibration from(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("the step must be at least 0, but is " + step);
    }
    return new Calibration(points, coverage, fitted, step);
  }

  /** Fits sorted points, even if they are too few for the coverage. */
  static JackknifePlus fitted(List<Point> sorted, double coverage) {
    return new JackknifePlus(
        sorted.stream().mapToDouble(Point::score).toArray(),
        sorted.stream().mapToDouble(Point::accuracy).toArray(),
        coverage);
  }

  /**
   * What accuracy a score means. Nondecreasing in the score, and so are both ends of the interval.
   *
   * @param score a score against the same reference
   * @return the accuracy and its interval, all from 0 to 1, with low ≤ value ≤ high
   * @throws IllegalArgumentException if the score is not finite
   */
  public PredictedAccuracy predict(double score) {
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("the score must be finite, but is " + score);
    }
    return fitted.at(score);
  }

  /**
   * How well scores tell accuracies in the calibration itself.
   *
   * @return the summary, which takes many more fits: a second for 200 points, half a minute for
   *     10,000
   */
  public CalibrationSummary summary() {
    return CalibrationSummary.of(this);
  }

  /**
   * What it was fitted to.
   *
   * @return one point a run, by increasing score, unmodifiable
   */
  public List<Point> points() {
    return points;
  }

  /**
   * The lowest score that it knows; below it the interval is open.
   *
   * @return the score of the first point
   */
  public double lowestScore() {
    return points.get(0).score();
  }

  /**
   * The highest score that it knows; above it the interval is open.
   *
   * @return the score of the last point
   */
  public double highestScore() {
    return points.get(points.size() - 1).score();
  }

  /**
   * How often the interval should contain the accuracy.
   *
   * @return a probability, from .5 to below 1
   */
  public double coverage() {
    return coverage;
  }

  /**
   * From which step of a training on it may be asked.
   *
   * @return optimiser updates, 0 for any
   */
  public long fromStep() {
    return fromStep;
  }

  /** Two calibrations are equal if they are of the same points, the same coverage and step. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Calibration that
        && points.equals(that.points)
        && coverage == that.coverage
        && fromStep == that.fromStep;
  }

  @Override
  public int hashCode() {
    return points.hashCode();
  }

  @Override
  public String toString() {
    return "calibration of " + points.size() + " runs, coverage " + coverage;
  }
}
