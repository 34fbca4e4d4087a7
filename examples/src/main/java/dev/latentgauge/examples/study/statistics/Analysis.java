package dev.latentgauge.examples.study.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the runs of a case say of its measures, each answer with an interval over runs.
 *
 * <p>Runs are what is drawn in a resample, never observations: those of one run are not
 * independent. Correlations and regrets within a run are computed once and then drawn with their
 * run. All measures share the resamples.
 *
 * <p>Answers are computed when first asked for, in O(resamples x runs) each, and kept.
 * Deterministic by the seed; thread-safe.
 */
public final class Analysis {

  /**
   * A measure that every case has besides its own: the number of the step. It is the control that
   * others must beat within a run, and as it peaks at the last step, its regret is that of never
   * stopping.
   */
  public static final String STEP = "step";

  private final List<String> measures;
  private final List<RunCurve> runs;
  private final List<RunFigures> figures;
  private final double confidence;
  private final Map<Subset, Draws> draws = new EnumMap<>(Subset.class);
  private final Map<String, PerRun> perRun = new ConcurrentHashMap<>();
  private final Map<Asked, Replicates> answers = new ConcurrentHashMap<>();

  private Analysis(Case given, Bootstrap bootstrap) {
    measures = new ArrayList<>(given.measures());
    measures.add(STEP);
    runs = given.runs();
    figures = runs.stream().map(RunFigures::new).toList();
    confidence = bootstrap.confidence();
    double[] accuracies = each(RunCurve::lastAccuracy);
    for (Subset subset : Subset.values()) {
      draws.put(
          subset, new Draws(subset.members(accuracies), bootstrap.resamples(), bootstrap.seed()));
    }
  }

  /**
   * Of a case.
   *
   * @param given its measurements
   * @param bootstrap how intervals are found
   * @return the analysis
   */
  public static Analysis of(Case given, Bootstrap bootstrap) {
    return new Analysis(given, bootstrap);
  }

  /**
   * What can be asked about.
   *
   * @return the measures of the case, then {@link #STEP}
   */
  public List<String> measures() {
    return List.copyOf(measures);
  }

  /**
   * How many runs there are in a subset, whether or not a measure is defined in them.
   *
   * @param subset which
   * @return at least 0
   */
  public int runs(Subset subset) {
    return sample(subset).size();
  }

  /**
   * The answer of a measure.
   *
   * @param measure one of {@link #measures}
   * @param statistic the question
   * @return the answer over all runs in which the measure is defined; empty if that are too few, or
   *     nothing varies
   * @throws IllegalArgumentException if there is no such measure
   */
  public Optional<Estimate> estimate(String measure, Statistic statistic) {
    return answer(measure, statistic).estimate(defined(column(measure, statistic)), confidence);
  }

  /**
   * By how much the answer of one measure is above that of another. Where one is undefined in runs
   * in which the other is defined, these runs count for neither, so that the difference is not
   * always that of the estimates.
   *
   * @param measure one of {@link #measures}
   * @param other another one
   * @param statistic the question
   * @return the difference, the first less the second; empty if either is undefined
   * @throws IllegalArgumentException if there is no such measure
   */
  public Optional<Difference> difference(String measure, String other, Statistic statistic) {
    double[] first = column(measure, statistic);
    double[] second = column(other, statistic);
    double[] firstOfBoth = where(second, first);
    double[] secondOfBoth = where(first, second);
    int both = defined(firstOfBoth);
    Replicates mine =
        both == defined(first) ? answer(measure, statistic) : replicate(firstOfBoth, statistic);
    Replicates theirs =
        both == defined(second) ? answer(other, statistic) : replicate(secondOfBoth, statistic);
    Replicates difference = mine.less(theirs);
    return difference
        .estimate(both, confidence)
        .map(estimate -> new Difference(estimate, difference.shareAbove()));
  }

  /**
   * How far Pearson's correlation over all runs could be at most, given the size of the test set.
   *
   * <p>There is none of a subset: where runs are chosen by their accuracy, the mean of its halves,
   * one half is low as the other is high, and their correlation says nothing of reliability.
   *
   * @return the ceiling; empty if there are too few runs or their accuracies do not vary
   */
  public Optional<Ceiling> ceiling() {
    Draws sample = sample(Subset.ALL);
    double[] halfA = sample.of(each(run -> last(run.accuraciesA())));
    double[] halfB = sample.of(each(run -> last(run.accuraciesB())));
    return ceiling(sample.replicate(DrawnCorrelation.pearson(halfA, halfB)), sample.size());
  }

  /**
   * How far the mean of Pearson's correlations within runs could be at most, given the size of the
   * test set.
   *
   * <p>The correlations of the halves are averaged over runs first, and the mean is then stepped up
   * to the whole: of a few observations they are too noisy to be taken one by one, where a root of
   * noise around 0 would look like a reliability. As the root is concave, the result errs on the
   * high side where runs differ, as a ceiling should.
   *
   * @param trend whether the trend over steps counts
   * @return the ceiling; empty if no run has enough observations, or accuracies do not vary
   */
  public Optional<Ceiling> ceiling(Trend trend) {
    double[] halves = figures.stream().mapToDouble(run -> run.halves(trend)).toArray();
    return ceiling(sample(Subset.ALL).replicate(Summary.MEAN.over(halves)), defined(halves));
  }

  private Optional<Ceiling> ceiling(Replicates halves, int number) {
    Replicates reliability = halves.map(Ceiling::reliability);
    return halves
        .estimate(number, confidence)
        .flatMap(
            correlation ->
                reliability
                    .estimate(number, confidence)
                    .flatMap(
                        whole ->
                            reliability
                                .map(Math::sqrt)
                                .estimate(number, confidence)
                                .map(pearson -> new Ceiling(correlation, whole, pearson))));
  }

  private Replicates answer(String measure, Statistic statistic) {
    return answers.computeIfAbsent(
        new Asked(measure, statistic), asked -> replicate(column(measure, statistic), statistic));
  }

  /** The statistic of a column, which has a number or NaN for each run of the sample. */
  private Replicates replicate(double[] column, Statistic statistic) {
    Draws sample = sample(subset(statistic));
    if (statistic instanceof Statistic.Across across) {
      double[] accuracies = sample.of(each(RunCurve::lastAccuracy));
      return sample.replicate(across.coefficient().between(column, accuracies));
    }
    return sample.replicate(summary(statistic).over(column));
  }

  private static Summary summary(Statistic statistic) {
    return statistic instanceof Statistic.Within within
        ? within.summary()
        : ((Statistic.Regret) statistic).summary();
  }

  private static Subset subset(Statistic statistic) {
    return statistic instanceof Statistic.Across across ? across.subset() : Subset.ALL;
  }

  private double[] column(String measure, Statistic statistic) {
    if (!measures.contains(measure)) {
      throw new IllegalArgumentException(
          "the measure must be one of %s, but is \"%s\"".formatted(measures, measure));
    }
    PerRun numbers = perRun.computeIfAbsent(measure, name -> new PerRun(curves(name), figures));
    return sample(subset(statistic)).of(numbers.of(statistic));
  }

  private List<double[]> curves(String measure) {
    return measure.equals(STEP)
        ? figures.stream().map(RunFigures::steps).toList()
        : runs.stream().map(run -> run.values(measure)).toList();
  }

  private Draws sample(Subset subset) {
    Draws sample = draws.get(subset);
    if (sample == null) {
      throw new IllegalStateException("every subset has its draws, but " + subset + " has none");
    }
    return sample;
  }

  private double[] each(ToDoubleFunction<RunCurve> number) {
    return runs.stream().mapToDouble(number).toArray();
  }

  /** Numbers where others are defined, NaN elsewhere. */
  private static double[] where(double[] others, double[] numbers) {
    return IntStream.range(0, numbers.length)
        .mapToDouble(i -> Double.isNaN(others[i]) ? Double.NaN : numbers[i])
        .toArray();
  }

  private static int defined(double[] numbers) {
    return (int) Arrays.stream(numbers).filter(number -> !Double.isNaN(number)).count();
  }

  private static double last(double[] numbers) {
    return numbers[numbers.length - 1];
  }

  private record Asked(String measure, Statistic statistic) {}

  /** What each run says of one measure, NaN where it is undefined. */
  private static final class PerRun {

    private final double[] correlations;
    private final double[] correlationsWithoutTrend;
    private final double[] lasts;
    private final double[] regrets;

    PerRun(List<double[]> curves, List<RunFigures> figures) {
      int number = curves.size();
      correlations = new double[number];
      correlationsWithoutTrend = new double[number];
      lasts = new double[number];
      regrets = new double[number];
      for (int i = 0; i < number; i++) {
        double[] curve = curves.get(i);
        RunFigures run = figures.get(i);
        correlations[i] = run.correlation(curve, Trend.KEPT);
        correlationsWithoutTrend[i] = run.correlation(curve, Trend.REMOVED);
        lasts[i] = last(curve);
        regrets[i] = run.regret(curve);
      }
    }

    double[] of(Statistic statistic) {
      if (statistic instanceof Statistic.Within within) {
        return within.trend() == Trend.KEPT ? correlations : correlationsWithoutTrend;
      }
      return statistic instanceof Statistic.Across ? lasts : regrets;
    }
  }
}
