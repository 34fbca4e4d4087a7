package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Correlation;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawnCorrelationTest {

  @Test
  void aPairThatIsDrawnTwiceCountsTwice() {
    // Drawn: (1, 1), (2, 3), (2, 3), (4, 2). Deviations of x, times 4: -5 -1 -1 7; of y: -5 3 3 -1.
    // Products 25-3-3-7 = 12, squares 76 and 44.
    double[] x = {1, 2, 9, 4};
    double[] y = {1, 3, 9, 2};

    assertThat(DrawnCorrelation.pearson(x, y).of(new int[] {1, 2, 0, 1}))
        .isCloseTo(12 / Math.sqrt(76 * 44), within(1e-12));
  }

  @Test
  void aPairThatIsDrawnTwiceIsLevelWithItself() {
    // Ranks of the four drawn: of x 1 2.5 2.5 4, of y 1 3.5 3.5 2; about 2.5: -1.5 0 0 1.5 and
    // -1.5 1 1 -.5. Products 2.25 - .75 = 1.5, squares 4.5 and 4.5.
    double[] x = {1, 2, 9, 4};
    double[] y = {1, 3, 9, 2};

    assertThat(DrawnCorrelation.spearman(x, y).of(new int[] {1, 2, 0, 1}))
        .isCloseTo(1.5 / 4.5, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aResampleByCountsIsTheResampleWrittenOut(long seed) {
    Random random = new Random(seed);
    int n = 3 + random.nextInt(30);
    // Coarse numbers, so that many are level; a fifth of them undefined.
    double[] x =
        DoubleStream.generate(() -> random.nextInt(5) == 0 ? Double.NaN : random.nextInt(8))
            .limit(n)
            .toArray();
    double[] y = DoubleStream.generate(() -> random.nextInt(8) / 7.0).limit(n).toArray();
    DrawnCorrelation pearson = DrawnCorrelation.pearson(x, y);
    DrawnCorrelation spearman = DrawnCorrelation.spearman(x, y);

    for (int resample = 0; resample < 20; resample++) {
      int[] counts = new int[n];
      for (int i = 0; i < n; i++) {
        counts[random.nextInt(n)]++;
      }
      int[] drawn =
          IntStream.range(0, n)
              .filter(i -> !Double.isNaN(x[i]))
              .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
              .toArray();
      double[] drawnX = IntStream.of(drawn).mapToDouble(i -> x[i]).toArray();
      double[] drawnY = IntStream.of(drawn).mapToDouble(i -> y[i]).toArray();
      assertThat(pearson.of(counts))
          .isCloseTo(Correlation.pearson(drawnX, drawnY).orElse(Double.NaN), within(1e-10));
      assertThat(spearman.of(counts))
          .isCloseTo(Correlation.spearman(drawnX, drawnY).orElse(Double.NaN), within(1e-10));
    }
  }

  @Test
  void whatDoesNotVaryAmongTheDrawnHasNoCorrelation() {
    double[] x = {0.1, 0.1, 0.1, 0.7};
    double[] y = {1, 2, 3, 4};

    assertThat(DrawnCorrelation.pearson(x, y).of(new int[] {1, 1, 2, 0})).isNaN();
    assertThat(DrawnCorrelation.spearman(x, y).of(new int[] {1, 1, 2, 0})).isNaN();
    assertThat(DrawnCorrelation.pearson(y, x).of(new int[] {1, 1, 2, 0})).isNaN();
    assertThat(DrawnCorrelation.pearson(x, y).of(new int[] {1, 0, 0, 1})).isNaN();
    assertThat(DrawnCorrelation.pearson(x, y).of(new int[] {1, 0, 0, 2})).isEqualTo(1);
  }
}
