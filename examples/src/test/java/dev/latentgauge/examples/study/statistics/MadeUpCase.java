package dev.latentgauge.examples.study.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Cases whose numbers are known. */
final class MadeUpCase {

  private MadeUpCase() {}

  /** A run of one measure, {@code m}, at steps 1, 2, 3 and so on. */
  static RunCurve run(String name, double[] accuracies, double[] values) {
    List<RunCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < accuracies.length; i++) {
      points.add(point(i + 1, accuracies[i], Map.of("m", values[i])));
    }
    return RunCurve.of(name, Map.of(), List.of("m"), points);
  }

  /** An observation whose accuracy is the same on both halves of the test set. */
  static RunCurve.Point point(long step, double accuracy, Map<String, Double> values) {
    return new RunCurve.Point(step, step / 10.0, accuracy, accuracy, accuracy, values);
  }

  static Case of(RunCurve... runs) {
    return new Case("made up", List.of("m"), List.of(runs));
  }

  /** Runs of a single observation: what matters across runs. */
  static Case ofLasts(double[] accuracies, Map<String, double[]> measures) {
    List<String> names = new ArrayList<>(new TreeMap<>(measures).keySet());
    List<RunCurve> runs = new ArrayList<>();
    for (int i = 0; i < accuracies.length; i++) {
      Map<String, Double> values = new TreeMap<>();
      for (String name : names) {
        double value = measures.getOrDefault(name, new double[0])[i];
        values.put(name, value);
      }
      runs.add(RunCurve.of("run-" + i, Map.of(), names, List.of(point(1, accuracies[i], values))));
    }
    return new Case("made up", names, runs);
  }

  /**
   * Runs that learn, more or less well, with measures that follow accuracy through more ({@code
   * noisy}) or less ({@code good}) noise, one that is often undefined ({@code patchy}), and one
   * that always is ({@code never}).
   */
  static Case random(int runs, int observations, long seed) {
    List<String> measures = List.of("good", "noisy", "patchy", "never");
    Random random = new Random(seed);
    List<RunCurve> curves =
        Stream.iterate(0, i -> i + 1)
            .limit(runs)
            .map(
                i ->
                    RunCurve.of(
                        "run-" + i,
                        Map.of("seed", String.valueOf(i)),
                        measures,
                        randomPoints(observations, random)))
            .toList();
    return new Case("random", measures, curves);
  }

  private static List<RunCurve.Point> randomPoints(int observations, Random random) {
    double end = 0.2 + 0.7 * random.nextDouble();
    List<RunCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < observations; i++) {
      double accuracy = end * (1 - Math.exp(-0.3 * (i + 1))) + 0.04 * random.nextDouble();
      Map<String, Double> values = new TreeMap<>();
      values.put("good", accuracy + 0.02 * random.nextGaussian());
      values.put("noisy", accuracy + 0.3 * random.nextGaussian());
      values.put("patchy", random.nextInt(3) == 0 ? Double.NaN : accuracy * accuracy);
      values.put("never", Double.NaN);
      points.add(
          new RunCurve.Point(
              10L * (i + 1),
              i,
              accuracy,
              accuracy + 0.02 * random.nextDouble(),
              accuracy + 0.02 * random.nextDouble(),
              values));
    }
    return points;
  }
}
