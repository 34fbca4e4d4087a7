package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1).resamples(200);

  private static final Statistic WITHIN = new Statistic.Within(Trend.KEPT, Summary.MEAN);
  private static final Statistic WITHOUT_TREND = new Statistic.Within(Trend.REMOVED, Summary.MEAN);
  private static final Statistic REGRET = new Statistic.Regret(Summary.MEAN);

  private static Statistic pearson(Subset subset) {
    return new Statistic.Across(Coefficient.PEARSON, subset);
  }

  private static Estimate estimate(Case given, String measure, Statistic statistic) {
    return Analysis.of(given, BOOTSTRAP).estimate(measure, statistic).orElseThrow();
  }

  // Within runs

  @Test
  void correlationsWithinRunsAreSummarised() {
    // Accuracies 1 2 3 of ten with measures 1 2 3, 3 2 1 and 1 3 2: correlations 1, -1 and .5. The
    // fourth run's measure is constant and has none.
    double[] accuracies = {0.1, 0.2, 0.3};
    Case given =
        MadeUpCase.of(
            MadeUpCase.run("up", accuracies, new double[] {1, 2, 3}),
            MadeUpCase.run("down", accuracies, new double[] {3, 2, 1}),
            MadeUpCase.run("late", accuracies, new double[] {1, 3, 2}),
            MadeUpCase.run("flat", accuracies, new double[] {1, 1, 1}));

    Estimate mean = estimate(given, "m", WITHIN);
    assertThat(mean.value()).isCloseTo(0.5 / 3, within(1e-12));
    assertThat(mean.runs()).isEqualTo(3);
    assertThat(estimate(given, "m", new Statistic.Within(Trend.KEPT, Summary.MINIMUM)).value())
        .isCloseTo(-1, within(1e-12));
    assertThat(
            estimate(given, "m", new Statistic.Within(Trend.KEPT, Summary.SHARE_BELOW_ZERO))
                .value())
        .isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void anObservationWithoutAValueIsLeftOutOfItsRun() {
    Case given =
        MadeUpCase.of(
            MadeUpCase.run(
                "r", new double[] {0.1, 0.9, 0.2, 0.3}, new double[] {1, Double.NaN, 2, 3}));

    assertThat(estimate(given, "m", WITHIN).value()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theStepCounterFollowsAnAccuracyThatRisesSteadilyButNotItsTrend() {
    Case given =
        MadeUpCase.of(
            MadeUpCase.run("r", new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.7}, new double[6]));

    // Deviations of the step, doubled: -5 -3 -1 1 3 5; of accuracy, times 30: -8 -5 -2 1 4 10.
    // Products 40+15+2+1+12+50 = 120, squares 70 and 210.
    assertThat(estimate(given, Analysis.STEP, WITHIN).value())
        .isCloseTo(120 / Math.sqrt(70 * 210), within(1e-12));
    assertThat(Analysis.of(given, BOOTSTRAP).estimate(Analysis.STEP, WITHOUT_TREND)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatAccuracyAndMeasureShareBeyondTheirTrendsIsFound(long seed) {
    Random random = new Random(seed);
    double[] accuracies = new double[12];
    double[] values = new double[12];
    for (int i = 0; i < 12; i++) {
      double both = 0.05 * random.nextDouble();
      accuracies[i] = 0.3 + 0.02 * i + 0.1 * Math.log(i + 1) + both;
      // Its trend is the opposite, so that with it the correlation is negative.
      values[i] = 5 - 0.3 * i - Math.log(i + 1) + 2 * both;
    }
    Case given = MadeUpCase.of(MadeUpCase.run("r", accuracies, values));

    assertThat(estimate(given, "m", WITHIN).value()).isLessThan(-0.9);
    assertThat(estimate(given, "m", WITHOUT_TREND).value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void anotherFunctionOfTheStepKnowsNothingBeyondTheTrend() {
    Random random = new Random(1);
    RunCurve[] runs = new RunCurve[300];
    for (int run = 0; run < runs.length; run++) {
      double[] accuracies = new double[14];
      double[] values = new double[14];
      for (int i = 0; i < 14; i++) {
        accuracies[i] = 0.3 + 0.1 * Math.log(i + 1) + 0.02 * random.nextDouble();
        values[i] = Math.sqrt(i + 1);
      }
      runs[run] = MadeUpCase.run("run-" + run, accuracies, values);
    }

    assertThat(estimate(MadeUpCase.of(runs), "m", WITHIN).value()).isGreaterThan(0.9);
    // One correlation of 11 degrees of freedom has a standard error of about .3, and their mean
    // over 300 runs one of .017.
    assertThat(estimate(MadeUpCase.of(runs), "m", WITHOUT_TREND).value())
        .isCloseTo(0, within(4 * 0.017));
  }

  @Test
  void fiveObservationsAreTooFewToTakeATrendOut() {
    double[] five = {0.1, 0.3, 0.2, 0.5, 0.4};
    double[] six = {0.1, 0.3, 0.2, 0.5, 0.4, 0.8};

    assertThat(
            Analysis.of(MadeUpCase.of(MadeUpCase.run("r", five, five)), BOOTSTRAP)
                .estimate("m", WITHOUT_TREND))
        .isEmpty();
    assertThat(estimate(MadeUpCase.of(MadeUpCase.run("r", six, six)), "m", WITHOUT_TREND).value())
        .isCloseTo(1, within(1e-12));
  }

  // Across runs

  @Test
  void runsAreComparedAtTheirLastObservations() {
    // Lasts (.1, 1), (.2, 3), (.3, 2): deviations -1 0 1 (tenths) and -1 1 0, products 1, squares
    // 2.
    Case given =
        MadeUpCase.of(
            MadeUpCase.run("a", new double[] {0.9, 0.1}, new double[] {-7, 1}),
            MadeUpCase.run("b", new double[] {0.2}, new double[] {3}),
            MadeUpCase.run("c", new double[] {0.1, 0.1, 0.3}, new double[] {0, 0, 2}),
            MadeUpCase.run("d", new double[] {0.1, 0.25}, new double[] {50, Double.NaN}));

    Estimate all = estimate(given, "m", pearson(Subset.ALL));

    assertThat(all.value()).isCloseTo(0.5, within(1e-12));
    assertThat(all.runs()).isEqualTo(3);
    assertThat(Analysis.of(given, BOOTSTRAP).runs(Subset.ALL)).isEqualTo(4);
  }

  @Test
  void aSubsetIsWhatItSaysAndHasItsOwnCorrelation() {
    // Above half of the best: the last four; the best third of seven: the last three.
    Case given =
        MadeUpCase.ofLasts(
            new double[] {0.1, 0.1, 0.1, 0.5, 0.6, 0.7, 0.8},
            Map.of("m", new double[] {0, 1, 2, 1, 4, 3, 2}));

    Estimate good = estimate(given, "m", pearson(Subset.ABOVE_HALF_OF_BEST));
    Estimate best = estimate(given, "m", pearson(Subset.BEST_THIRD));

    // Deviations -1.5 -.5 .5 1.5 and -1.5 1.5 .5 -.5: products 2.25 - .75 + .25 - .75 = 1 of 5.
    assertThat(good.value()).isCloseTo(0.2, within(1e-12));
    assertThat(good.runs()).isEqualTo(4);
    assertThat(best.value()).isCloseTo(-1, within(1e-12));
    assertThat(best.runs()).isEqualTo(3);
  }

  @Test
  void spearmanSeesTheOrderOnly() {
    Case given =
        MadeUpCase.ofLasts(
            new double[] {0.1, 0.2, 0.3, 0.4}, Map.of("m", new double[] {-9, 3, 2, 600}));

    // Ranks 1 3 2 4: 1 - 6 * 2 / (4 * 15).
    assertThat(estimate(given, "m", new Statistic.Across(Coefficient.SPEARMAN, Subset.ALL)).value())
        .isCloseTo(0.8, within(1e-12));
  }

  // Stopping

  @Test
  void stoppingAtTheFirstPeakCostsWhatIsBetterElsewhere() {
    double[] accuracies = {0.3, 0.9, 0.7, 0.6};
    Case given =
        MadeUpCase.of(
            MadeUpCase.run("tie", accuracies, new double[] {1, 1, 0, 1}),
            MadeUpCase.run("gap", accuracies, new double[] {Double.NaN, Double.NaN, 4, -1}),
            MadeUpCase.run(
                "none", accuracies, new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN}));

    Estimate mean = estimate(given, "m", REGRET);

    // .9 - .3 and .9 - .7; of never stopping .9 - .6 in each run.
    assertThat(mean.value()).isCloseTo(0.4, within(1e-12));
    assertThat(mean.runs()).isEqualTo(2);
    assertThat(estimate(given, "m", new Statistic.Regret(Summary.PERCENTILE_90)).value())
        .isCloseTo(0.2 + 0.9 * 0.4, within(1e-12));
    assertThat(estimate(given, Analysis.STEP, REGRET).value()).isCloseTo(0.3, within(1e-12));
    assertThat(estimate(given, Analysis.STEP, REGRET).runs()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aMeasureThatIsAccuracyLosesNothing(long seed) {
    Random random = new Random(seed);
    RunCurve[] runs = new RunCurve[10];
    for (int i = 0; i < runs.length; i++) {
      double[] accuracies = random.doubles(8).toArray();
      runs[i] = MadeUpCase.run("run-" + i, accuracies, accuracies);
    }

    Estimate regret = estimate(MadeUpCase.of(runs), "m", REGRET);

    assertThat(regret.value()).isZero();
    assertThat(regret.interval()).contains(new Interval(0, 0));
  }

  // Intervals

  @Test
  void theIntervalOfAMeanCoversTheMeanOfAllThatMightHaveBeenDrawn() {
    Random random = new Random(1);
    int cases = 400;
    int covered = 0;
    for (int i = 0; i < cases; i++) {
      // Regrets that are uniform in [0, .5], of mean .25.
      RunCurve[] runs = new RunCurve[40];
      for (int run = 0; run < runs.length; run++) {
        runs[run] =
            MadeUpCase.run(
                "run-" + run,
                new double[] {0.9, 0.9 - 0.5 * random.nextDouble()},
                new double[] {0, 1});
      }
      Interval interval = estimate(MadeUpCase.of(runs), "m", REGRET).interval().orElseThrow();
      covered += interval.low() <= 0.25 && 0.25 <= interval.high() ? 1 : 0;
    }

    // The standard error of a share of .95 among 400 is .011; percentiles of 40 runs cover a little
    // less than they say.
    assertThat(covered / (double) cases).isBetween(0.95 - 0.045, 0.95 + 0.035);
  }

  @Test
  void theIntervalOfACorrelationIsThatOfFishersTransformation() {
    Random random = new Random(7);
    double[] accuracies = new double[400];
    double[] values = new double[400];
    for (int i = 0; i < accuracies.length; i++) {
      double common = random.nextGaussian();
      accuracies[i] = 0.5 + 0.05 * (common + random.nextGaussian());
      values[i] = common + random.nextGaussian();
    }

    Estimate estimate =
        estimate(MadeUpCase.ofLasts(accuracies, Map.of("m", values)), "m", pearson(Subset.ALL));

    // For normal pairs the artanh of a correlation has a standard error of 1 / sqrt(n - 3).
    double z = Math.log((1 + estimate.value()) / (1 - estimate.value())) / 2;
    Interval interval = estimate.interval().orElseThrow();
    assertThat(interval.low()).isCloseTo(Math.tanh(z - 1.96 / Math.sqrt(397)), within(0.03));
    assertThat(interval.high()).isCloseTo(Math.tanh(z + 1.96 / Math.sqrt(397)), within(0.03));
  }

  @Test
  void fourRunsHaveNoInterval() {
    Case four = MadeUpCase.random(4, 8, 1);
    Case five = MadeUpCase.random(5, 8, 1);

    assertThat(estimate(four, "good", WITHIN).interval()).isEmpty();
    assertThat(estimate(five, "good", WITHIN).interval()).isPresent();
  }

  @Test
  void aCorrelationThatMostResamplesLackHasNoInterval() {
    // Only one run of six differs: a third of the resamples are without it.
    Case given =
        MadeUpCase.ofLasts(
            new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6},
            Map.of("m", new double[] {1, 0, 0, 0, 0, 0}));

    Estimate estimate = estimate(given, "m", pearson(Subset.ALL));

    assertThat(estimate.value()).isNegative();
    assertThat(estimate.interval()).isEmpty();
  }

  @Test
  void oneSeedGivesOneAnswerWhateverWasAskedBefore() {
    Case given = MadeUpCase.random(30, 10, 3);
    Analysis one = Analysis.of(given, BOOTSTRAP);
    Analysis other = Analysis.of(given, BOOTSTRAP);
    Analysis reseeded = Analysis.of(given, Bootstrap.seeded(2).resamples(200));
    List<Statistic> backwards = new ArrayList<>(Statistic.all());
    Collections.reverse(backwards);
    backwards.forEach(statistic -> other.estimate("noisy", statistic));

    for (Statistic statistic : Statistic.all()) {
      Optional<Estimate> answer = one.estimate("noisy", statistic);
      assertThat(other.estimate("noisy", statistic)).as("%s", statistic).isEqualTo(answer);
      assertThat(reseeded.estimate("noisy", statistic).map(Estimate::value))
          .as("%s", statistic)
          .isEqualTo(answer.map(Estimate::value));
    }
    assertThat(one.estimate("noisy", WITHIN)).isNotEqualTo(reseeded.estimate("noisy", WITHIN));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theOrderOfTheRunsDoesNotMatterToWhatTheySay(long seed) {
    Case given = MadeUpCase.random(30, 10, seed);
    List<RunCurve> shuffled = new ArrayList<>(given.runs());
    Collections.shuffle(shuffled, new Random(seed));
    Analysis one = Analysis.of(given, BOOTSTRAP);
    Analysis other = Analysis.of(new Case(given.name(), given.measures(), shuffled), BOOTSTRAP);

    for (String measure : one.measures()) {
      for (Statistic statistic : Statistic.all()) {
        Optional<Estimate> expected = one.estimate(measure, statistic);
        Optional<Estimate> actual = other.estimate(measure, statistic);
        assertThat(actual.map(Estimate::runs)).isEqualTo(expected.map(Estimate::runs));
        assertThat(actual.map(Estimate::value).orElse(-9.0))
            .as("%s of %s", statistic, measure)
            .isCloseTo(expected.map(Estimate::value).orElse(-9.0), within(1e-12));
      }
    }
  }

  // Differences

  @Test
  void aDifferenceIsThatOfTheAnswersAndSurerThanEitherOfThem() {
    Analysis analysis = Analysis.of(MadeUpCase.random(60, 10, 1), BOOTSTRAP);

    for (Statistic statistic : Statistic.all()) {
      Difference difference = analysis.difference("good", "noisy", statistic).orElseThrow();
      assertThat(difference.estimate().value())
          .as("%s", statistic)
          .isCloseTo(
              analysis.estimate("good", statistic).orElseThrow().value()
                  - analysis.estimate("noisy", statistic).orElseThrow().value(),
              within(1e-12));
    }
    assertThat(analysis.difference("good", "noisy", WITHIN).orElseThrow().shareAbove())
        .isEqualTo(1);
    assertThat(analysis.difference("noisy", "good", WITHIN).orElseThrow().shareAbove()).isZero();
  }

  @Test
  void whatTwoMeasuresHaveInCommonCancels() {
    Random random = new Random(5);
    double[] accuracies = random.doubles(50).toArray();
    double[] values = random.doubles(50).toArray();
    // The second is the first on another scale, but for a little noise.
    double[] scaled =
        Arrays.stream(values).map(v -> 3 * v + 1 + 0.01 * random.nextGaussian()).toArray();
    Analysis analysis =
        Analysis.of(
            MadeUpCase.ofLasts(accuracies, Map.of("m", values, "scaled", scaled)), BOOTSTRAP);

    Interval alone =
        analysis.estimate("m", pearson(Subset.ALL)).flatMap(Estimate::interval).orElseThrow();
    Interval paired =
        analysis
            .difference("m", "scaled", pearson(Subset.ALL))
            .flatMap(difference -> difference.estimate().interval())
            .orElseThrow();

    assertThat(paired.high() - paired.low()).isLessThan((alone.high() - alone.low()) / 20);
  }

  @Test
  void aDifferenceIsOverTheRunsInWhichBothAreDefined() {
    // Over the first three both are equal; the fourth, where only one is defined, would tell them
    // apart.
    Case given =
        MadeUpCase.ofLasts(
            new double[] {0.1, 0.2, 0.3, 0.4},
            Map.of("m", new double[] {1, 3, 2, -50}, "n", new double[] {1, 3, 2, Double.NaN}));

    Difference difference =
        Analysis.of(given, BOOTSTRAP).difference("m", "n", pearson(Subset.ALL)).orElseThrow();

    assertThat(difference.estimate().value()).isZero();
    assertThat(difference.estimate().runs()).isEqualTo(3);
    assertThat(difference.shareAbove()).isZero();
  }

  // Ceilings

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aPerfectMeasureReachesTheCeilingOfTheTestSet(long seed) {
    Random random = new Random(seed);
    int half = 100;
    List<RunCurve> runs = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      double truth = 0.6 + 0.2 * random.nextDouble();
      double a = share(half, truth, random);
      double b = share(half, truth, random);
      runs.add(
          RunCurve.of(
              "run-" + i,
              Map.of(),
              List.of("truth"),
              List.of(new RunCurve.Point(1, 0, (a + b) / 2, a, b, Map.of("truth", truth)))));
    }
    Analysis analysis = Analysis.of(new Case("simulated", List.of("truth"), runs), BOOTSTRAP);

    Ceiling ceiling = analysis.ceiling().orElseThrow();

    // The truth has a variance of .2^2 / 12, and a share of n right answers, on average over the
    // truths, one of (.7 * .3 - .2^2 / 12) / n around it.
    double signal = 0.04 / 12;
    double noise = (0.21 - signal) / (2 * half);
    assertThat(ceiling.reliability().value()).isCloseTo(signal / (signal + noise), within(0.03));
    assertThat(ceiling.halves().value()).isCloseTo(signal / (signal + 2 * noise), within(0.05));
    assertThat(ceiling.pearson().value())
        .isCloseTo(
            analysis.estimate("truth", pearson(Subset.ALL)).orElseThrow().value(), within(0.02));
    assertThat(ceiling.pearson().interval().orElseThrow().low())
        .isLessThan(ceiling.pearson().value());
  }

  private static double share(int examples, double probability, Random random) {
    int right = 0;
    for (int i = 0; i < examples; i++) {
      right += random.nextDouble() < probability ? 1 : 0;
    }
    return right / (double) examples;
  }

  @Test
  void theCeilingWithinRunsIsThatOfTheMeanCorrelationOfHalves() {
    // Halves correlate by 1 and by .5: .75 on average, stepped up to 1.5 / 1.75.
    Case given =
        new Case(
            "halves", List.of(), List.of(halves("a", 0.1, 0.2, 0.3), halves("b", 0.1, 0.3, 0.2)));
    Analysis analysis = Analysis.of(given, BOOTSTRAP);

    Ceiling ceiling = analysis.ceiling(Trend.KEPT).orElseThrow();

    assertThat(ceiling.halves().value()).isCloseTo(0.75, within(1e-12));
    assertThat(ceiling.reliability().value()).isCloseTo(1.5 / 1.75, within(1e-12));
    assertThat(ceiling.pearson().value()).isCloseTo(Math.sqrt(1.5 / 1.75), within(1e-12));
    assertThat(ceiling.pearson().runs()).isEqualTo(2);
    assertThat(analysis.ceiling(Trend.REMOVED)).isEmpty();
  }

  @Test
  void halvesThatDisagreeHaveNoReliability() {
    Case given = new Case("halves", List.of(), List.of(halves("a", 0.3, 0.2, 0.1)));

    Ceiling ceiling = Analysis.of(given, BOOTSTRAP).ceiling(Trend.KEPT).orElseThrow();

    assertThat(ceiling.halves().value()).isCloseTo(-1, within(1e-12));
    assertThat(ceiling.reliability().value()).isZero();
    assertThat(ceiling.pearson().value()).isZero();
  }

  /** A run whose accuracy on half A is .1, .2, .3, and on half B what is given. */
  private static RunCurve halves(String name, double... b) {
    List<RunCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < b.length; i++) {
      double a = 0.1 * (i + 1);
      points.add(new RunCurve.Point(i + 1, 0, (a + b[i]) / 2, a, b[i], Map.of()));
    }
    return RunCurve.of(name, Map.of(), List.of(), points);
  }

  // What there is no answer to

  @Test
  void aMeasureThatIsNeverDefinedHasNoAnswers() {
    Analysis analysis = Analysis.of(MadeUpCase.random(20, 8, 1), BOOTSTRAP);

    for (Statistic statistic : Statistic.all()) {
      assertThat(analysis.estimate("never", statistic)).as("%s", statistic).isEmpty();
      assertThat(analysis.difference("good", "never", statistic)).as("%s", statistic).isEmpty();
      assertThat(analysis.difference("never", "good", statistic)).as("%s", statistic).isEmpty();
    }
  }

  @Test
  void aCaseWithoutRunsHasNoAnswers() {
    Analysis analysis = Analysis.of(new Case("none", List.of("m"), List.of()), BOOTSTRAP);

    for (Statistic statistic : Statistic.all()) {
      assertThat(analysis.estimate("m", statistic)).as("%s", statistic).isEmpty();
    }
    for (Subset subset : Subset.values()) {
      assertThat(analysis.runs(subset)).isZero();
    }
    assertThat(analysis.ceiling()).isEmpty();
    assertThat(analysis.ceiling(Trend.KEPT)).isEmpty();
  }

  @Test
  void whatIsNoMeasureCannotBeAskedAbout() {
    Analysis analysis = Analysis.of(MadeUpCase.random(2, 2, 1), BOOTSTRAP);

    assertThat(analysis.measures()).containsExactly("good", "noisy", "patchy", "never", "step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> analysis.estimate("best", WITHIN))
        .withMessage(
            "the measure must be one of [good, noisy, patchy, never, step], but is \"best\"");
  }

  @Test
  void aBootstrapThatSaysNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bootstrap.seeded(1).resamples(99))
        .withMessage("an interval needs at least 100 resamples, but there are 99");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bootstrap(100, 1, 1))
        .withMessage("confidence must be in (0, 1), but is 1.0");
  }
}
