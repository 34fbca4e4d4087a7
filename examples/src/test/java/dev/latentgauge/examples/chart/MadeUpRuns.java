package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.RunCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs as the quickstart has them, made up from saturating curves with some noise. */
final class MadeUpRuns {

  private MadeUpRuns() {}

  /** Eight runs, four of which end close to each other; one stops early. */
  static List<RunCurve> eight() {
    return List.of(
        run("cnn-adam", 0.72, 0.905, 300, 2000, 1),
        run("cnn-sgd", 0.68, 0.887, 700, 2000, 2),
        run("mlp-adam", 0.66, 0.884, 350, 2000, 3),
        run("mlp-wide", 0.67, 0.889, 320, 2000, 4),
        run("noise-0.3", 0.60, 0.845, 400, 2000, 5),
        run("noise-0.6", 0.52, 0.765, 500, 2000, 6),
        run("few-data-1000", 0.55, 0.800, 300, 1400, 7),
        run("lr-too-high", 0.44, 0.690, 250, 2000, 8));
  }

  /** Ten runs that end close to each other, one of which diverges and loses its score. */
  static List<RunCurve> ten() {
    List<RunCurve> runs = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      runs.add(
          run(
              "seed " + i + ", lr " + (i + 1) + "e-3",
              0.60 + 0.005 * i,
              0.880 + 0.002 * (i * 4 % 9),
              200 + 20.0 * i,
              12_000,
              100 + i));
    }
    runs.add(diverging());
    return runs;
  }

  private static RunCurve diverging() {
    List<Point> points = new ArrayList<>();
    for (Point point : run("diverging <lr 1>", 0.5, 0.7, 200, 12_000, 11).points()) {
      long step = point.step();
      boolean undefined = (step > 3_000 && step < 6_000) || step > 9_000;
      points.add(undefined ? Point.unscored(step, point.accuracy().orElseThrow()) : point);
    }
    return new RunCurve("diverging <lr 1>", points);
  }

  private static RunCurve run(
      String name, double score, double accuracy, double time, long steps, long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    for (long step = 0; step <= steps; step += 50) {
      double progress = 1 - Math.exp(-step / time);
      points.add(
          Point.of(
              step,
              0.3 + (score - 0.3) * progress + 0.006 * random.nextGaussian(),
              0.01,
              0.1 + (accuracy - 0.1) * Math.pow(progress, 0.4) + 0.003 * random.nextGaussian()));
    }
    return new RunCurve(name, points);
  }
}
