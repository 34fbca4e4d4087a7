package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.reference.Calibration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often the interval of a calibration contains the accuracy of runs that it was not fitted to:
 * runs of the same kind, and runs that differ in what no run of the calibration had.
 */
final class Coverage {

  private static final int SPLITS = 200;
  private static final List<String> LEFT_OUT = List.of("architecture", "label_noise");
  private static final List<Integer> EARLIER_PERCENT = List.of(5, 20, 50);

  private final Finding finding;
  private final long seed;

  Coverage(Finding finding, long seed) {
    this.finding = finding;
    this.seed = seed;
  }

  void addTo(Markdown text) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, List<RunCurve>> runs : byReference().entrySet()) {
      String prefix = runs.getKey().isEmpty() ? "" : runs.getKey() + ": ";
      String half = prefix + "a random half, %d times".formatted(SPLITS);
      rows.add(row(half, halves(runs.getValue(), 100)));
      for (int percent : EARLIER_PERCENT) {
        rows.add(
            row(
                half + ", after %d %% of the steps".formatted(percent),
                halves(runs.getValue(), percent)));
      }
      for (String setting : LEFT_OUT) {
        values(runs.getValue(), setting)
            .forEach(
                value ->
                    rows.add(
                        row(
                            prefix + setting.replace('_', ' ') + " " + value,
                            without(runs.getValue(), setting, value))));
      }
    }
    text.paragraph(
        ("Calibration: the accuracy predicted from the score, with an interval of %.0f %%, for runs"
                + " that were left out when it was fitted. It is fitted to scores at the last step,"
                + " and asked about the last step too unless the row says otherwise: earlier it"
                + " breaks its condition. Bias: predicted less true.")
            .formatted(100 * Calibration.DEFAULT_COVERAGE));
    text.table(
        List.of(
            "left out",
            "predictions",
            "in the interval",
            "width, points",
            "error, points",
            "bias, points"),
        rows);
  }

  /** A calibration is of one reference. */
  private Map<String, List<RunCurve>> byReference() {
    return finding.table().runs().stream()
        .filter(run -> Double.isFinite(Finding.score(run)))
        .collect(
            Collectors.groupingBy(
                run -> run.settings().getOrDefault("reference", ""),
                TreeMap::new,
                Collectors.toList()));
  }

  private static List<String> values(List<RunCurve> runs, String setting) {
    List<String> values =
        runs.stream()
            .map(run -> run.settings().get(setting))
            .filter(Objects::nonNull)
            .distinct()
            .sorted()
            .toList();
    return values.size() < 2 ? List.of() : values;
  }

  /**
   * Of runs that were left out.
   *
   * @param percent of its steps after which a run is asked about
   */
  private Tally halves(List<RunCurve> runs, int percent) {
    Tally tally = new Tally(percent);
    Random random = new Random(seed);
    List<RunCurve> order = new ArrayList<>(runs);
    for (int split = 0; split < SPLITS; split++) {
      Collections.shuffle(order, random);
      int half = order.size() / 2;
      tally.add(order.subList(0, half), order.subList(half, order.size()));
    }
    return tally;
  }

  private static Tally without(List<RunCurve> runs, String setting, String value) {
    Map<Boolean, List<RunCurve>> parts =
        runs.stream()
            .collect(Collectors.partitioningBy(run -> value.equals(run.settings().get(setting))));
    Tally tally = new Tally(100);
    tally.add(parts.getOrDefault(false, List.of()), parts.getOrDefault(true, List.of()));
    return tally;
  }

  private static List<String> row(String title, Tally tally) {
    return tally.predictions == 0
        ? List.of(title, "0", "–", "–", "–", "–")
        : List.of(
            title,
            Integer.toString(tally.predictions),
            Numbers.percent((double) tally.contained / tally.predictions),
            String.format(Locale.ROOT, "%.1f", 100 * tally.width / tally.predictions),
            String.format(Locale.ROOT, "%.1f", 100 * tally.error / tally.predictions),
            String.format(Locale.ROOT, "%+.1f", 100 * tally.bias / tally.predictions));
  }

  /** Predictions at one time of training, and how good they were. */
  private static final class Tally {
    private final int percent;
    private int predictions;
    private int contained;
    private double width;
    private double error;
    private double bias;

    Tally(int percent) {
      this.percent = percent;
    }

    /** Adds nothing where there are too few runs to fit to. */
    void add(List<RunCurve> fitted, List<RunCurve> leftOut) {
      if (fitted.size() < Calibration.FEWEST_POINTS) {
        return;
      }
      Calibration calibration =
          Calibration.fit(
              fitted.stream()
                  .map(run -> new Calibration.Point(Finding.score(run), run.lastAccuracy()))
                  .toList(),
              Calibration.DEFAULT_COVERAGE);
      for (RunCurve run : leftOut) {
        int observed = observed(run);
        double score = run.values(Measure.DEFAULT.name())[observed];
        if (Double.isFinite(score)) {
          add(calibration.predict(score), run.accuracies()[observed]);
        }
      }
    }

    private void add(PredictedAccuracy predicted, double accuracy) {
      predictions++;
      contained += accuracy >= predicted.low() && accuracy <= predicted.high() ? 1 : 0;
      width += predicted.high() - predicted.low();
      error += Math.abs(predicted.value() - accuracy);
      bias += predicted.value() - accuracy;
    }

    /** The last observation that was made by then, or else the first. */
    private int observed(RunCurve run) {
      long[] steps = run.steps();
      int observed = 0;
      while (observed + 1 < steps.length
          && 100 * steps[observed + 1] <= percent * steps[steps.length - 1]) {
        observed++;
      }
      return observed;
    }
  }
}
