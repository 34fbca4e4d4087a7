package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;

/** What a study of many runs over several tasks could find, made up with some noise. */
final class MadeUpStudy {

  static final String DEFAULT = "soft, adaptive (default)";

  static final List<String> SCORES =
      List.of("cosine, raw (the paper's)", "cosine", "soft, t = 0.1", DEFAULT, "neighbours, k/16");
  static final List<String> OTHERS = List.of("linear CKA", "effective rank (RankMe)");
  static final List<String> HEADS = List.of("agreement with the reference's predictions");
  static final List<String> LABELS = List.of("training loss", "validation accuracy, 64 labels");
  static final List<String> CONTROLS =
      List.of("step counter", "distance from the first embedding", "reference of another task");

  static final List<String> NOISE = List.of("0 %", "10 %", "20 %", "40 %", "60 %", "80 %");

  private static final List<String> TASKS =
      List.of(
          "Cora",
          "Fashion-MNIST",
          "TREC",
          "Digits",
          "AG News",
          "CIFAR-10",
          "Speech commands",
          "A task whose name is far too long");

  private MadeUpStudy() {}

  /** Thirteen measures in five groups, over the first tasks. */
  static IntervalChart intervals(int tasks) {
    IntervalChart.Builder builder =
        IntervalChart.titled("Which measure knows how accurate a run has become?")
            .subtitle(
                "Pearson correlation with held-out accuracy at the last step, over all runs of a"
                    + " task, made-up numbers; the ceiling is what a second half of the test set"
                    + " reaches")
            .axis("Pearson correlation with accuracy", -1, 1)
            .group("Representation scores", SCORES)
            .group("Other measures of representations", OTHERS)
            .group("Need a head", HEADS)
            .group("Need labels", LABELS)
            .group("Controls", CONTROLS)
            .emphasise(DEFAULT);
    for (int i = 0; i < tasks; i++) {
      builder.panel(task(i));
    }
    return builder.build();
  }

  private static IntervalChart.Panel task(int index) {
    Random random = new Random(index);
    Map<String, Interval> intervals = new LinkedHashMap<>();
    add(SCORES, intervals, 0.4, random);
    add(OTHERS, intervals, 0.3, random);
    add(HEADS, intervals, 0.9, random);
    add(LABELS, intervals, 0.2, random);
    add(CONTROLS, intervals, -0.1, random);
    intervals.put(DEFAULT, around(0.85 + 0.02 * random.nextGaussian(), 0.08));
    if (index % 3 == 1) {
      intervals.remove(HEADS.get(0));
    }
    return new IntervalChart.Panel(
        TASKS.get(index),
        80 + 20 * index + " runs",
        intervals,
        index == 2 ? OptionalDouble.empty() : OptionalDouble.of(0.95));
  }

  private static void add(
      List<String> measures, Map<String, Interval> intervals, double mean, Random random) {
    for (String measure : measures) {
      double value = Math.tanh(mean + 0.5 * random.nextGaussian());
      intervals.put(measure, around(value, 0.05 + 0.3 * random.nextDouble() * (1 - value * value)));
    }
  }

  private static Interval around(double value, double reach) {
    return new Interval(value, Math.max(-1, value - reach), Math.min(1, value + reach));
  }

  /** Panels with from 80 to 640 runs, told apart by label noise. */
  static ScatterGrid scatters(int tasks, int columns) {
    ScatterGrid.Builder builder =
        ScatterGrid.titled("Score against accuracy, run by run")
            .subtitle("Soft, adaptive; at the last step; made-up numbers")
            .axes("score at the last step", "test accuracy")
            .columns(columns)
            .categories("Label noise", NOISE);
    for (int i = 0; i < tasks; i++) {
      int runs = i % 3 == 2 ? 640 : 80 + 40 * i;
      builder.panel(
          new ScatterGrid.Panel(
              TASKS.get(i % TASKS.size()),
              "Pearson 0.84, Spearman 0.60 (best third), " + runs + " runs",
              dots(runs, i)));
    }
    return builder.build();
  }

  private static List<ScatterGrid.Dot> dots(int runs, int seed) {
    Random random = new Random(seed);
    List<ScatterGrid.Dot> dots = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      int noise = random.nextInt(NOISE.size());
      double quality = 1 - 0.13 * noise + 0.08 * random.nextGaussian();
      double accuracy =
          0.9
              - 0.05 * seed
              - 0.5 * Math.pow(1.2 - Math.min(1.2, quality), 2)
              + 0.01 * random.nextGaussian();
      dots.add(
          new ScatterGrid.Dot(
              0.1 + 0.5 * quality + 0.05 * random.nextGaussian(),
              Math.max(0, Math.min(1, accuracy)),
              NOISE.get(noise)));
    }
    return dots;
  }
}
