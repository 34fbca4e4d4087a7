package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.RunCurve.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A run, its place among all by final accuracy, and how it looks.
 *
 * @param rank 1 for the most accurate run
 * @param curve what was measured
 * @param style how it looks
 */
record RankedRun(int rank, RunCurve curve, RunStyle style) {

  /** Ranks runs by their last known accuracy, those without one last and in the order given. */
  static List<RankedRun> of(List<RunCurve> curves) {
    List<Integer> order =
        IntStream.range(0, curves.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    i -> -lastOf(curves.get(i), Point::accuracy).orElse(Double.NEGATIVE_INFINITY)))
            .toList();
    List<RankedRun> runs = new ArrayList<>();
    for (int i : order) {
      runs.add(new RankedRun(runs.size() + 1, curves.get(i), RunStyle.of(i)));
    }
    return runs;
  }

  /** The last value there is. */
  OptionalDouble last(Function<Point, OptionalDouble> value) {
    return lastOf(curve, value);
  }

  /** The last point at which both the score and the accuracy were measured. */
  Optional<Point> lastMeasured() {
    return curve.points().stream()
        .filter(point -> point.score().isPresent() && point.accuracy().isPresent())
        .reduce((earlier, later) -> later);
  }

  private static OptionalDouble lastOf(RunCurve curve, Function<Point, OptionalDouble> value) {
    return curve.points().stream()
        .map(value)
        .flatMapToDouble(OptionalDouble::stream)
        .reduce((earlier, later) -> later);
  }
}
