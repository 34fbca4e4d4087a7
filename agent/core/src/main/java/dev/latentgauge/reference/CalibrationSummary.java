package dev.latentgauge.reference;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How well scores tell accuracies in a calibration itself.
 *
 * @param rankCorrelation Spearman's, of score and accuracy, from -1 to 1, with mean ranks for ties;
 *     absent if all scores or all accuracies are equal. Scores do not tell accuracies where it is
 *     near 0 or below
 * @param heldOutCoverage the share of points whose accuracy lies in the interval of a calibration
 *     that has not seen them: they are left out one by one, a twentieth at a time if they are more
 *     than {@value #MOST_LEFT_OUT_ALONE}; a check that all went as it should, not another promise;
 *     absent if those that are left are too few for the coverage, so that their interval would be
 *     everything
 * @param narrowestHalfWidth half the width of the narrowest interval at a point's score
 * @param medianHalfWidth half the width of an interval, its median over the points
 * @param widestHalfWidth half the width of the widest interval at a point's score
 */
public record CalibrationSummary(
    OptionalDouble rankCorrelation,
    OptionalDouble heldOutCoverage,
    double narrowestHalfWidth,
    double medianHalfWidth,
    double widestHalfWidth) {

  static final int MOST_LEFT_OUT_ALONE = 100;

  /** What the ends of an interval of equal accuracies may be off by. */
  private static final double ROUNDING = 1e-12;

  static CalibrationSummary of(Calibration calibration) {
    List<Calibration.Point> points = calibration.points();
    double[] halfWidths =
        points.stream()
            .map(point -> calibration.predict(point.score()))
            .mapToDouble(prediction -> (prediction.high() - prediction.low()) / 2)
            .sorted()
            .toArray();
    int n = halfWidths.length;
    return new CalibrationSummary(
        spearman(points),
        heldOutCoverage(points, calibration.coverage()),
        halfWidths[0],
        (halfWidths[(n - 1) / 2] + halfWidths[n / 2]) / 2,
        halfWidths[n - 1]);
  }

  private static OptionalDouble heldOutCoverage(List<Calibration.Point> points, double coverage) {
    int[] foldOf = JackknifePlus.folds(points.size(), MOST_LEFT_OUT_ALONE);
    int folds = Arrays.stream(foldOf).max().orElseThrow() + 1;
    int largestFold = (points.size() + folds - 1) / folds;
    if (points.size() - largestFold < JackknifePlus.fewest(coverage)) {
      return OptionalDouble.empty();
    }
    int covered = 0;
    for (int fold = 0; fold < folds; fold++) {
      int left = fold;
      JackknifePlus others = Calibration.fitted(chosen(points, i -> foldOf[i] != left), coverage);
      for (Calibration.Point point : chosen(points, i -> foldOf[i] == left)) {
        PredictedAccuracy predicted = others.at(point.score());
        covered += contains(predicted, point.accuracy()) ? 1 : 0;
      }
    }
    return OptionalDouble.of((double) covered / points.size());
  }

  private static boolean contains(PredictedAccuracy predicted, double accuracy) {
    return predicted.low() - ROUNDING <= accuracy && accuracy <= predicted.high() + ROUNDING;
  }

  private static List<Calibration.Point> chosen(
      List<Calibration.Point> points, IntPredicate which) {
    return IntStream.range(0, points.size()).filter(which).mapToObj(points::get).toList();
  }

  private static OptionalDouble spearman(List<Calibration.Point> points) {
    double[] x = ranks(points.stream().mapToDouble(Calibration.Point::score).toArray());
    double[] y = ranks(points.stream().mapToDouble(Calibration.Point::accuracy).toArray());
    double product = sumOfProducts(x, y);
    double scale = Math.sqrt(sumOfProducts(x, x) * sumOfProducts(y, y));
    return scale > 0 ? OptionalDouble.of(product / scale) : OptionalDouble.empty();
  }

  private static double sumOfProducts(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
  }

  /** The rank of each number less the mean rank; equal ones share the mean of theirs. */
  private static double[] ranks(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    Map<Double, Double> rankOf = new HashMap<>();
    for (int from = 0, to = 0; from < sorted.length; from = to) {
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      rankOf.put(sorted[from], (from + to - sorted.length) / 2.0);
    }
    return Arrays.stream(numbers).map(rankOf::get).toArray();
  }
}
