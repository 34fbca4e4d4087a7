package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.reference.Calibration.Point;
import dev.latentgauge.relative.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {

  @Test
  void violatorsArePooledIntoTheirMean() {
    // By hand: .5 and .3 violate the order and become .4; .4 and .35 too, so all three are 1.15 /
    // 3.
    IsotonicFit fit = fit(new double[] {.1, .2, .3, .4, .5}, new double[] {.2, .5, .3, .35, .9});
    assertThat(at(fit, .1, .2, .3, .4, .5))
        .containsExactly(new double[] {.2, 1.15 / 3, 1.15 / 3, 1.15 / 3, .9}, within(1e-15));
  }

  @Test
  void theFitIsAStraightLineBetweenBlocksAndConstantBeyondThem() {
    IsotonicFit fit = fit(new double[] {.2, .4, .6}, new double[] {.5, .7, .6});
    // .7 and .6 are one block of .65, from .4 to .6.
    assertThat(at(fit, -1, .2, .25, .3, .4, .5, .6, 2))
        .containsExactly(new double[] {.5, .5, .5375, .575, .65, .65, .65, .65}, within(1e-15));
  }

  @Test
  void equalScoresAreOneBlockWhateverTheOrderOfTheirAccuracies() {
    // The first tied accuracy alone would be pooled with .5, and the second could not undo that.
    IsotonicFit fit = fit(new double[] {.1, .2, .2}, new double[] {.5, .1, 1});
    assertThat(at(fit, .1, .2)).containsExactly(new double[] {.5, .55}, within(1e-15));
  }

  /**
   * The projection on the cone of nondecreasing functions is the only f in it for which the
   * residual y - f is orthogonal to f and has no positive product with any member; the cone is
   * spanned by constants and steps up, so the sums of residuals from each score on decide.
   */
  @Seeds
  void theFitIsTheProjectionOnTheNondecreasingFunctions(long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(40);
    double[] scores = random.ints(n, 0, 15).mapToDouble(i -> i / 10.0).sorted().toArray();
    double[] accuracies = random.doubles(n).toArray();
    double[] fitted = at(fit(scores, accuracies), scores);
    double inner = 0;
    double above = 0;
    for (int i = n - 1; i >= 0; i--) {
      double residual = accuracies[i] - fitted[i];
      inner += residual * fitted[i];
      above += residual;
      if (i > 0) {
        assertThat(fitted[i]).isGreaterThanOrEqualTo(fitted[i - 1]);
      }
      if (i == 0 || scores[i - 1] < scores[i]) {
        assertThat(above).as("residuals from score %s on", scores[i]).isLessThan(1e-12);
      } else {
        assertThat(fitted[i]).isEqualTo(fitted[i - 1]);
      }
    }
    assertThat(above).as("sum of residuals").isEqualTo(0, within(1e-12));
    assertThat(inner).as("product of residuals and fit").isEqualTo(0, within(1e-12));
  }

  /** The minimax formula for isotonic regression, in O(n^3) and without pooling. */
  @Seeds
  void theFitIsTheLargestOfTheSmallestMeans(long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(12);
    double[] scores = IntStream.range(0, n).mapToDouble(i -> i).toArray();
    double[] accuracies = random.doubles(n).toArray();
    IsotonicFit fit = fit(scores, accuracies);
    for (int i = 0; i < n; i++) {
      int at = i;
      double expected =
          IntStream.rangeClosed(0, at)
              .mapToDouble(
                  from ->
                      IntStream.range(at, n)
                          .mapToDouble(
                              to -> Arrays.stream(accuracies, from, to + 1).average().orElseThrow())
                          .min()
                          .orElseThrow())
              .max()
              .orElseThrow();
      assertThat(fit.at(i)).isEqualTo(expected, within(1e-12));
    }
  }

  @Test
  void theIntervalIsThatOfTheDefinition() {
    // Increasing accuracies are their own fit. Without an inner point the fit there is the line
    // between its neighbours; without an outer one it is the value beside it.
    double[] accuracies = {.1, .2, .25, .4, .45, .5, .65, .7, .85, .9, .95};
    List<Point> points =
        IntStream.range(0, 11).mapToObj(i -> new Point(i / 10.0, accuracies[i])).toList();
    double score = .42;
    List<Double> low = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      double without =
          i == 0
              ? accuracies[1]
              : i == 10 ? accuracies[9] : (accuracies[i - 1] + accuracies[i + 1]) / 2;
      double residual = Math.abs(angle(accuracies[i]) - angle(without));
      // .42 lies a fifth of the way from .4 to .5, unless one of these is left out.
      double there =
          switch (i) {
            case 4 -> .4 + (.42 - .3) / .2 * (.5 - .4);
            case 5 -> .45 + (.42 - .4) / .2 * (.65 - .45);
            default -> .45 + .2 * (.5 - .45);
          };
      low.add(angle(there) - residual);
      high.add(angle(there) + residual);
    }
    Collections.sort(low);
    Collections.sort(high);
    // floor(.2 · 12) = 2: the second smallest, and ceil(.8 · 12) = 10: the tenth smallest.
    PredictedAccuracy predicted = Calibration.fit(points, .8).predict(score);
    assertThat(predicted.value()).isEqualTo(.46, within(1e-12));
    assertThat(predicted.low()).isEqualTo(Math.pow(Math.sin(low.get(1)), 2), within(1e-12));
    assertThat(predicted.high()).isEqualTo(Math.pow(Math.sin(high.get(9)), 2), within(1e-12));
  }

  private static double angle(double accuracy) {
    return Math.asin(Math.sqrt(accuracy));
  }

  /**
   * Of each of many calibrations one exchangeable run is tried. The share that is covered has a
   * binomial distribution; the theorem says at least 1 - 2α, practice about 1 - α. The band is four
   * standard deviations about what was asked for, plus what n points can resolve, 1/(n+1), above.
   */
  @ParameterizedTest(name = "{0} points, coverage {1}, noise {2}")
  @CsvSource({
    "10, 0.9, equal",
    "30, 0.9, equal",
    "30, 0.8, growing",
    "60, 0.9, growing",
    "100, 0.95, equal",
    "1200, 0.9, growing"
  })
  void asManyExchangeableRunsAreCoveredAsWasAskedFor(int n, double coverage, String noise) {
    int trials = n > 1000 ? 300 : 1000;
    int covered = 0;
    for (int seed = 0; seed < trials; seed++) {
      Random random = new Random(seed);
      Calibration calibration = Calibration.fit(runs(n, noise, random), coverage);
      Point run = runs(1, noise, random).get(0);
      PredictedAccuracy predicted = calibration.predict(run.score());
      covered += predicted.low() <= run.accuracy() && run.accuracy() <= predicted.high() ? 1 : 0;
    }
    double band = 4 * Math.sqrt(coverage * (1 - coverage) / trials);
    assertThat((double) covered / trials)
        .isBetween(coverage - band, coverage + band + 2.0 / (n + 1));
  }

  private static List<Point> runs(int count, String noise, Random random) {
    List<Point> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double score = random.nextDouble() * .8;
      double mean = .3 + .68 * Math.sqrt(score / .8);
      double spread = noise.equals("equal") ? .02 : .15 * (1 - mean);
      runs.add(new Point(score, Math.max(0, Math.min(1, mean + spread * random.nextGaussian()))));
    }
    return runs;
  }

  @Seeds
  void aHigherScoreNeverMeansALessAccurateRun(long seed) {
    Calibration calibration = Calibration.fit(runs(40, "growing", new Random(seed)), .9);
    PredictedAccuracy before = calibration.predict(-2);
    for (double score = -.1; score < 1; score += .01) {
      PredictedAccuracy predicted = calibration.predict(score);
      assertThat(predicted.value()).isBetween(before.value(), 1.0);
      assertThat(predicted.low()).isBetween(before.low(), predicted.value());
      assertThat(predicted.high()).isBetween(Math.max(before.high(), predicted.value()), 1.0);
      before = predicted;
    }
  }

  @Test
  void beyondTheCalibratedScoresTheIntervalIsOpen() {
    Calibration calibration = Calibration.fit(runs(40, "equal", new Random(1)), .9);
    double lowest = calibration.points().get(0).score();
    double highest = calibration.points().get(39).score();
    PredictedAccuracy below = calibration.predict(lowest - 1e-9);
    assertThat(below.value()).isEqualTo(calibration.predict(lowest).value());
    assertThat(below.low()).isZero();
    assertThat(calibration.predict(lowest).low()).isPositive();
    assertThat(below.high()).isEqualTo(calibration.predict(lowest).high());
    PredictedAccuracy above = calibration.predict(highest + 1e-9);
    assertThat(above.value()).isEqualTo(calibration.predict(highest).value());
    assertThat(above.high()).isEqualTo(1);
    assertThat(calibration.predict(highest).high()).isLessThan(1);
    assertThat(above.low()).isEqualTo(calibration.predict(highest).low());
  }

  @Test
  void equalScoresMeanTheirMeanAccuracy() {
    List<Point> points = IntStream.range(0, 20).mapToObj(i -> new Point(.5, i / 20.0)).toList();
    Calibration calibration = Calibration.fit(points, .9);
    assertThat(calibration.predict(.5).value()).isEqualTo(.475, within(1e-12));
    assertThat(calibration.summary().rankCorrelation()).isEmpty();
  }

  @Test
  void equalAccuraciesLeaveNothingToDoubt() {
    List<Point> points = IntStream.range(0, 20).mapToObj(i -> new Point(i / 20.0, .9)).toList();
    Calibration calibration = Calibration.fit(points, .9);
    PredictedAccuracy predicted = calibration.predict(.512);
    assertThat(predicted.low()).isEqualTo(.9, within(1e-12));
    assertThat(predicted.high()).isEqualTo(.9, within(1e-12));
    assertThat(calibration.summary().heldOutCoverage()).hasValue(1);
    assertThat(calibration.summary().widestHalfWidth()).isEqualTo(0, within(1e-12));
  }

  @Test
  void scoresThatSayTheOppositePredictTheMeanOfAll() {
    List<Point> points =
        IntStream.range(0, 21).mapToObj(i -> new Point(-i / 20.0, i / 20.0)).toList();
    Calibration calibration = Calibration.fit(points, .9);
    assertThat(calibration.predict(-.9).value()).isEqualTo(.5, within(1e-12));
    assertThat(calibration.summary().rankCorrelation().orElseThrow()).isEqualTo(-1, within(1e-12));
  }

  @Test
  void theRankCorrelationSharesTheRanksOfTies() {
    // Ranks 1, 2.5, 2.5, 4, ..., 10 and 1, 2, ..., 10: by hand 1 - .5/82.5 before the correction
    // for
    // ties, which makes it 82 / sqrt(82 · 82.5).
    List<Point> points =
        IntStream.range(0, 10).mapToObj(i -> new Point((i == 2 ? 1 : i) / 10.0, i / 10.0)).toList();
    assertThat(Calibration.fit(points, .9).summary().rankCorrelation().orElseThrow())
        .isEqualTo(82 / Math.sqrt(82 * 82.5), within(1e-12));
  }

  @Seeds
  void theOrderOfThePointsDoesNotMatter(long seed) {
    Random random = new Random(seed);
    List<Point> points = runs(seed < 98 ? 30 : 1100, "growing", random);
    List<Point> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    Calibration calibration = Calibration.fit(points, .9);
    Calibration other = Calibration.fit(shuffled, .9);
    assertThat(other).isEqualTo(calibration).hasSameHashCodeAs(calibration);
    assertThat(other.predict(.33)).isEqualTo(calibration.predict(.33));
  }

  @Test
  void heldOutRunsAreCoveredAboutAsOftenAsWasAskedFor() {
    for (int n : new int[] {60, 400}) {
      CalibrationSummary summary = Calibration.fit(runs(n, "growing", new Random(n)), .9).summary();
      double band = 4 * Math.sqrt(.9 * .1 / n);
      assertThat(summary.heldOutCoverage().orElseThrow()).isBetween(.9 - band, 1.0);
      assertThat(summary.rankCorrelation().orElseThrow()).isBetween(.9, 1.0);
      assertThat(summary.narrowestHalfWidth()).isLessThan(summary.medianHalfWidth());
      assertThat(summary.medianHalfWidth()).isLessThan(summary.widestHalfWidth());
    }
  }

  @Test
  void whereAccuraciesSpreadLessTheIntervalIsNarrower() {
    Calibration calibration = Calibration.fit(runs(200, "growing", new Random(3)), .9);
    assertThat(width(calibration.predict(.75))).isLessThan(width(calibration.predict(.1)) / 2);
  }

  private static double width(PredictedAccuracy predicted) {
    return predicted.high() - predicted.low();
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0.9, at least 10 points, one a run, but has 9",
    "18, 0.95, coverage 0.95 must have at least 19 points, one a run, but has 18",
    "98, 0.99, at least 99 points",
    "10, 0.9999, at least 9999 points",
    "10001, 0.9, 'at most 10000 points, but has 10001'",
    "50, 0.49, 'coverage must be at least 0.5 and below 1, but is 0.49'",
    "50, 1, 'below 1, but is 1.0'",
    "50, NaN, but is NaN",
    "50, 90, but is 90.0"
  })
  void whatCannotBeFittedIsRefused(int n, double coverage, String message) {
    List<Point> points = Collections.nCopies(n, new Point(.1, .5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calibration.fit(points, coverage))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"10, 0.9", "10, 0.5", "19, 0.95", "99, 0.99"})
  void asFewPointsAsTheCoverageNeedsAreEnough(int n, double coverage) {
    List<Point> points = runs(n, "equal", new Random(n));
    PredictedAccuracy predicted = Calibration.fit(points, coverage).predict(.4);
    assertThat(width(predicted)).isBetween(1e-3, .9);
  }

  @ParameterizedTest
  @CsvSource({"10, 0.9, true", "19, 0.95, false", "20, 0.95, true", "103, 0.99, false"})
  void heldOutCoverageIsAbsentWhereTooFewAreLeft(int n, double coverage, boolean isThere) {
    Calibration calibration = Calibration.fit(runs(n, "equal", new Random(n)), coverage);
    assertThat(calibration.summary().heldOutCoverage().isPresent()).isEqualTo(isThere);
  }

  /** CV+: with many points a twentieth is left out of every fit at a time. */
  @Test
  void withManyPointsTheResidualsAreThoseOfFolds() {
    int n = JackknifePlus.MOST_LEFT_OUT_ALONE + 200;
    List<Point> points =
        runs(n, "growing", new Random(2)).stream()
            .sorted(Comparator.comparingDouble(Point::score).thenComparingDouble(Point::accuracy))
            .toList();
    double[] scores = points.stream().mapToDouble(Point::score).toArray();
    double[] accuracies = points.stream().mapToDouble(Point::accuracy).toArray();
    int[] folds = JackknifePlus.folds(n, JackknifePlus.MOST_LEFT_OUT_ALONE);
    assertThat(folds).containsOnly(IntStream.range(0, 20).toArray());
    double score = scores[n / 3];
    double[] low = new double[n];
    double[] high = new double[n];
    for (int fold = 0; fold < 20; fold++) {
      int left = fold;
      IsotonicFit without = IsotonicFit.of(scores, accuracies, i -> folds[i] != left);
      for (int i = 0; i < n; i++) {
        if (folds[i] == fold) {
          double residual = Math.abs(angle(accuracies[i]) - angle(without.at(scores[i])));
          low[i] = angle(without.at(score)) - residual;
          high[i] = angle(without.at(score)) + residual;
        }
      }
    }
    Arrays.sort(low);
    Arrays.sort(high);
    // floor(.1 · 1201) = 120 from either end.
    PredictedAccuracy predicted = Calibration.fit(points, .9).predict(score);
    assertThat(predicted.low()).isEqualTo(Math.pow(Math.sin(low[119]), 2), within(1e-12));
    assertThat(predicted.high()).isEqualTo(Math.pow(Math.sin(high[n - 120]), 2), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, 0.5, 'score must be from -3 to 1, but is NaN'",
    "1.1, 0.5, 'score must be from -3 to 1, but is 1.1'",
    "-Infinity, 0.5, but is -Infinity",
    "0.5, NaN, 'accuracy must be from 0 to 1, but is NaN'",
    "0.5, 87.5, 'accuracy must be from 0 to 1, but is 87.5'",
    "0.5, -0.1, but is -0.1"
  })
  void aPointOutOfRangeIsRefused(double score, double accuracy, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Point(score, accuracy))
        .withMessageContaining(message);
  }

  @Test
  void thereIsNoPredictionForNoScore() {
    Calibration calibration = Calibration.fit(runs(10, "equal", new Random(5)), .9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calibration.predict(Double.NaN))
        .withMessage("the score must be finite, but is NaN");
  }

  private static IsotonicFit fit(double[] scores, double[] accuracies) {
    return IsotonicFit.of(scores, accuracies, i -> true);
  }

  private static double[] at(IsotonicFit fit, double... scores) {
    DoubleUnaryOperator at = fit::at;
    return DoubleStream.of(scores).map(at).toArray();
  }
}
