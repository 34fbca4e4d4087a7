package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Correlation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepTrendTest {

  private static final double[] STEPS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

  @Test
  void whatStepAndLogarithmExplainLeavesNothing() {
    double[] explained =
        Arrays.stream(STEPS).map(step -> 3 - 0.002 * step + 0.1 * Math.log(step)).toArray();

    assertThat(new StepTrend(STEPS).remove(explained)).containsOnly(0.0);
    assertThat(new StepTrend(STEPS).remove(STEPS)).containsOnly(0.0);
    assertThat(new StepTrend(STEPS).remove(new double[10])).containsOnly(0.0);
  }

  @Test
  void roundingIsNoResidual() {
    double[] single =
        Arrays.stream(STEPS).map(step -> (float) (0.9 + 0.01 * Math.log(step))).toArray();
    double[] fiveDigits =
        Arrays.stream(STEPS)
            .map(step -> Math.rint(1e4 * (1 + 0.1 * Math.log(step))) / 1e4)
            .toArray();

    assertThat(new StepTrend(STEPS).remove(single)).containsOnly(0.0);
    assertThat(new StepTrend(STEPS).remove(fiveDigits)).containsOnly(0.0);
  }

  @Test
  void aLittleAboveRoundingIsAResidual() {
    double[] waves = new double[STEPS.length];
    Arrays.setAll(waves, i -> 1 + (i % 2 == 0 ? 1e-3 : -1e-3));

    assertThat(new StepTrend(STEPS).remove(waves)).doesNotContain(0.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatIsLeftIsOrthogonalToConstantStepAndLogarithm(long seed) {
    Random random = new Random(seed);
    double[] steps = random.doubles(12, 1, 1e6).sorted().toArray();
    double[] rest = new StepTrend(steps).remove(random.doubles(12).toArray());

    double constant = 0;
    double step = 0;
    double logarithm = 0;
    for (int i = 0; i < 12; i++) {
      constant += rest[i];
      step += rest[i] * steps[i] / 1e6;
      logarithm += rest[i] * Math.log(steps[i]);
    }
    assertThat(constant).isCloseTo(0, within(1e-12));
    assertThat(step).isCloseTo(0, within(1e-12));
    assertThat(logarithm).isCloseTo(0, within(1e-11));
  }

  /** The recursion of partial correlations is another way to the same number. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void residualsCorrelateAsThePartialCorrelationSays(long seed) {
    Random random = new Random(seed);
    double[] x = Arrays.stream(STEPS).map(s -> Math.log(s) + random.nextGaussian()).toArray();
    double[] y = Arrays.stream(STEPS).map(s -> s / 300 + random.nextGaussian()).toArray();
    double[] logs = Arrays.stream(STEPS).map(Math::log).toArray();

    double expected =
        partial(
            partial(r(x, y), r(x, STEPS), r(y, STEPS)),
            partial(r(x, logs), r(x, STEPS), r(logs, STEPS)),
            partial(r(y, logs), r(y, STEPS), r(logs, STEPS)));

    StepTrend trend = new StepTrend(STEPS);
    assertThat(r(trend.remove(x), trend.remove(y))).isCloseTo(expected, within(1e-9));
  }

  private static double partial(double xy, double xz, double yz) {
    return (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz));
  }

  private static double r(double[] x, double[] y) {
    return Correlation.pearson(x, y).orElseThrow();
  }

  @Test
  void stepsSoFarOutThatTheirLogarithmIsALineAreNoTrouble() {
    double[] far = {1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4, 1e6 + 5, 1e6 + 6};
    double[] wave = {1, -1, 0, 0, -1, 1};

    double[] rest = new StepTrend(far).remove(wave);

    // The wave is symmetric and sums to 0, so constant and line explain none of it.
    assertThat(rest).containsExactly(wave, within(1e-8));
  }
}
