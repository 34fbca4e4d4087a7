package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What was measured of one run while it trained, in the order of its steps. Immutable: arrays go in
 * and out as copies.
 */
public final class RunCurve {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern SETTING = Pattern.compile("[^,;=\"\\p{Cntrl}]*");
  private static final Pattern MEASURE = Pattern.compile("[^,\"\\p{Cntrl}]+");

  private final String name;
  private final Map<String, String> settings;
  private final List<String> measures;
  private final long[] steps;
  private final double[] epochs;
  private final double[] accuracies;
  private final double[] accuraciesA;
  private final double[] accuraciesB;
  private final double[][] values;

  private RunCurve(
      String name, Map<String, String> settings, List<String> measures, List<Point> points) {
    this.name = name;
    this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    this.measures = List.copyOf(measures);
    steps = points.stream().mapToLong(Point::step).toArray();
    epochs = points.stream().mapToDouble(Point::epoch).toArray();
    accuracies = points.stream().mapToDouble(Point::accuracy).toArray();
    accuraciesA = points.stream().mapToDouble(Point::accuracyA).toArray();
    accuraciesB = points.stream().mapToDouble(Point::accuracyB).toArray();
    values =
        measures.stream()
            .map(
                measure ->
                    points.stream()
                        .mapToDouble(point -> point.values().getOrDefault(measure, Double.NaN))
                        .toArray())
            .toArray(double[][]::new);
  }

  /**
   * The curve of a run.
   *
   * @param name of {@code [A-Za-z0-9._-]}
   * @param settings what distinguishes the run, in the order in which they are shown; names of
   *     {@code [A-Za-z0-9._-]}, values without comma, semicolon, equals sign, quote and control
   *     characters
   * @param measures the names of all measures of the case
   * @param points at least one, with rising steps; what a point has no value for is undefined there
   * @return the curve
   * @throws IllegalArgumentException if a name or setting has other characters, the steps do not
   *     rise, or a point has a value of a measure that is none
   */
  public static RunCurve of(
      String name, Map<String, String> settings, List<String> measures, List<Point> points) {
    requireMeasures(measures);
    require(NAME.matcher(name).matches(), "the name of a run must be of [A-Za-z0-9._-]", name);
    settings.forEach(
        (setting, value) -> {
          require(
              NAME.matcher(setting).matches(),
              "the name of a setting must be of [A-Za-z0-9._-]",
              setting);
          require(
              SETTING.matcher(value).matches(),
              "the setting " + setting + " must have none of , ; = \" and no control characters",
              value);
        });
    requirePoints(name, measures, points);
    return new RunCurve(name, settings, measures, points);
  }

  private static void requirePoints(String name, List<String> measures, List<Point> points) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "a run must have at least one observation, but " + name + " has none");
    }
    Set<String> known = new HashSet<>(measures);
    long before = 0;
    for (Point point : points) {
      if (point.step() <= before) {
        throw new IllegalArgumentException(
            "the steps of a run must rise, but in %s step %d follows %d"
                .formatted(name, point.step(), before));
      }
      before = point.step();
      for (String measure : point.values().keySet()) {
        if (!known.contains(measure)) {
          throw new IllegalArgumentException(
              "the measures must be among %s, but step %d of %s has a value of \"%s\""
                  .formatted(measures, point.step(), name, measure));
        }
      }
    }
  }

  static void requireMeasures(List<String> measures) {
    Set<String> taken = new HashSet<>(MeasurementTable.FIXED_COLUMNS);
    for (String measure : measures) {
      require(
          MEASURE.matcher(measure).matches() && measure.equals(measure.strip()),
          "the name of a measure must have no comma, quote, control character or space around it",
          measure);
      require(taken.add(measure), "the names of measures and columns must differ", measure);
    }
  }

  private static void require(boolean holds, String what, String actual) {
    if (!holds) {
      throw new IllegalArgumentException(what + ", but is \"" + actual + "\"");
    }
  }

  /**
   * What the run is called.
   *
   * @return unique within the case
   */
  public String name() {
    return name;
  }

  /**
   * What distinguishes the run from others.
   *
   * @return values by name, in the order in which they are shown
   */
  public Map<String, String> settings() {
    return settings;
  }

  /**
   * What was measured, the same for all runs of a case.
   *
   * @return the names
   */
  public List<String> measures() {
    return measures;
  }

  /**
   * How often the run was measured.
   *
   * @return the length of each of the arrays, at least 1
   */
  public int size() {
    return steps.length;
  }

  /**
   * The optimiser updates before each measurement.
   *
   * @return a copy, rising, above 0
   */
  public long[] steps() {
    return steps.clone();
  }

  /**
   * The passes over the data before each measurement.
   *
   * @return a copy
   */
  public double[] epochs() {
    return epochs.clone();
  }

  /**
   * The share of right answers on the test set.
   *
   * @return a copy, in [0, 1]
   */
  public double[] accuracies() {
    return accuracies.clone();
  }

  /**
   * The share of right answers on one random half of the test set, the same half for all runs.
   *
   * @return a copy, in [0, 1]
   */
  public double[] accuraciesA() {
    return accuraciesA.clone();
  }

  /**
   * The share of right answers on the other half of the test set.
   *
   * @return a copy, in [0, 1]
   */
  public double[] accuraciesB() {
    return accuraciesB.clone();
  }

  /**
   * What a measure said.
   *
   * @param measure one of {@link #measures}
   * @return a copy, NaN where it is undefined
   * @throws IllegalArgumentException if there is no such measure
   */
  public double[] values(String measure) {
    return column(measure).clone();
  }

  /**
   * What a measure said when the run was last measured.
   *
   * @param measure one of {@link #measures}
   * @return NaN if it was undefined then
   * @throws IllegalArgumentException if there is no such measure
   */
  public double lastValue(String measure) {
    return column(measure)[steps.length - 1];
  }

  /**
   * The share of right answers when the run was last measured.
   *
   * @return in [0, 1]
   */
  public double lastAccuracy() {
    return accuracies[accuracies.length - 1];
  }

  /**
   * The highest share of right answers that the run had at any of its measurements.
   *
   * @return in [0, 1]
   */
  public double bestAccuracy() {
    return Arrays.stream(accuracies).max().orElseThrow();
  }

  /** What a measure said; not a copy. */
  private double[] column(String measure) {
    int index = measures.indexOf(measure);
    if (index < 0) {
      throw new IllegalArgumentException(
          "the measure must be one of %s, but is \"%s\"".formatted(measures, measure));
    }
    return values[index];
  }

  /**
   * The measurements at one step.
   *
   * @param step the optimiser updates before them, at least 1: the untrained network has no place
   *     on a curve over the logarithm of steps
   * @param epoch the passes over the data before them, at least 0
   * @param accuracy the share of right answers on the test set, in [0, 1]
   * @param accuracyA the same on one random half of the test set
   * @param accuracyB the same on the other half
   * @param values by the name of the measure; finite, or NaN or absent where undefined
   */
  public record Point(
      long step,
      double epoch,
      double accuracy,
      double accuracyA,
      double accuracyB,
      Map<String, Double> values) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Point {
      values = Map.copyOf(values);
      require(step >= 1, "the step", "at least 1", step);
      require(epoch >= 0 && Double.isFinite(epoch), "the epoch", "at least 0 and finite", epoch);
      require(isShare(accuracy), "the accuracy", "in [0, 1]", accuracy);
      require(isShare(accuracyA), "the accuracy on half A", "in [0, 1]", accuracyA);
      require(isShare(accuracyB), "the accuracy on half B", "in [0, 1]", accuracyB);
      values.forEach(
          (measure, value) ->
              require(
                  !Double.isInfinite(value), "the value of " + measure, "finite or NaN", value));
    }

    private static boolean isShare(double number) {
      return number >= 0 && number <= 1;
    }

    private static void require(boolean holds, String what, String allowed, Number actual) {
      if (!holds) {
        throw new IllegalArgumentException(what + " must be " + allowed + ", but is " + actual);
      }
    }
  }
}
