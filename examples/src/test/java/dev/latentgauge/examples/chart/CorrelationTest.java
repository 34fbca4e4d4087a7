package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {

  @Test
  void pearsonIsTheCovarianceOverTheDeviations() {
    // Deviations of x: -1.5 -.5 .5 1.5; of y: -2 0 -1 3. Products add up to 3+0-.5+4.5 = 7,
    // squares to 5 and 14.
    double[] x = {1, 2, 3, 4};
    double[] y = {1, 3, 2, 6};

    assertThat(Correlation.pearson(x, y)).hasValueCloseTo(7 / Math.sqrt(70), within(1e-12));
  }

  @Test
  void spearmanSeesTheOrderOnly() {
    // Ranks 1 2 3 4 and 1 3 2 4: 1 - 6 (0+1+1+0) / (4 * 15) = .8
    double[] x = {1, 2, 3, 4};
    double[] y = {1, 3, 2, 600};

    assertThat(Correlation.spearman(x, y)).hasValueCloseTo(0.8, within(1e-12));
  }

  @Test
  void equalNumbersShareTheAverageOfTheirRanks() {
    // Ranks 1 2.5 2.5 4 and 1 2 3 4: deviations -1.5 0 0 1.5 and -1.5 -.5 .5 1.5,
    // products add up to 4.5, squares to 4.5 and 5.
    double[] x = {10, 20, 20, 30};
    double[] y = {5, 6, 7, 8};

    assertThat(Correlation.spearman(x, y)).hasValueCloseTo(4.5 / Math.sqrt(22.5), within(1e-12));
  }

  @Test
  void numbersOnALineCorrelatePerfectlyWhicheverWayItRuns() {
    double[] x = {0.1, 0.7, 0.3};
    double[] rising = {1.2, 2.4, 1.6};
    double[] falling = {-0.1, -0.7, -0.3};

    assertThat(Correlation.pearson(x, rising)).hasValueCloseTo(1.0, within(1e-12));
    assertThat(Correlation.pearson(x, falling)).hasValueCloseTo(-1.0, within(1e-12));
    assertThat(Correlation.spearman(x, rising)).hasValueCloseTo(1.0, within(1e-12));
    assertThat(Correlation.spearman(x, falling)).hasValueCloseTo(-1.0, within(1e-12));
  }

  @Test
  void fewerThanThreePairsHaveNoCorrelation() {
    assertThat(Correlation.pearson(new double[] {1, 2}, new double[] {1, 2})).isEmpty();
    assertThat(Correlation.spearman(new double[] {1, 2}, new double[] {1, 2})).isEmpty();
    assertThat(Correlation.pearson(new double[0], new double[0])).isEmpty();
  }

  @Test
  void aConstantHasNoCorrelation() {
    // The mean of three times .1 is not .1 in floating point.
    double[] constant = {0.1, 0.1, 0.1};
    double[] varying = {1, 2, 3};

    assertThat(Correlation.pearson(constant, varying)).isEmpty();
    assertThat(Correlation.pearson(varying, constant)).isEmpty();
    assertThat(Correlation.spearman(constant, varying)).isEmpty();
  }

  @Test
  void bothListsMustHaveTheSameLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Correlation.pearson(new double[3], new double[4]))
        .withMessage("a correlation needs pairs, but there are 3 numbers and 4");
  }

  @Test
  void numbersMustBeFinite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Correlation.spearman(new double[3], new double[] {1, Double.NaN, 2}))
        .withMessage("the numbers of a correlation must be finite, but number 1 is NaN");
  }
}
