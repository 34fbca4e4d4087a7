package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "standardised", "soft", "soft:0.1", "neighbours:8"})
  void isReadAsItIsWritten(String text) {
    assertThat(Profile.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "hard, ",
    "cosine:1, ",
    "soft:x, ",
    "soft:0, 'the temperature must be in [0.001, 1000], but is 0.0'",
    "soft:NaN, 'the temperature must be in [0.001, 1000], but is NaN'",
    "neighbours, ",
    "neighbours:0, 'the neighbours must be at least 1, but are 0'"
  })
  void anythingElseIsRefusedWithWhatIsAllowed(String text, String detail) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Profile.parse(text))
        .withMessage(
            "a profile must be cosine, standardised, soft, soft:TEMPERATURE or neighbours:COUNT, but is \""
                + text
                + "\""
                + (detail == null ? "" : ": " + detail));
  }

  @Test
  void moreNeighboursThanAnchorsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Profile.Neighbours(4).of(manager.ones(new Shape(5, 3))))
        .withMessage("the neighbours must be at most the number of anchors, but are 4 of 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cosine", "standardised", "soft", "soft:0.001", "soft:0.1", "neighbours:3"})
  void rowsHaveLengthOneAlsoWhereTheyAreZero(String text) {
    double[][] cosines =
        Oracle.cosines(new Spaces(1).gaussian(16, 5), new Spaces(2).gaussian(20, 5));
    cosines[7] = new double[16];
    NDArray profiles = Profile.parse(text).of(Spaces.float32(manager, cosines));
    float[] lengths = profiles.square().sum(new int[] {1}).toFloatArray();
    for (float length : lengths) {
      assertThat(length).isEqualTo(1, within(1e-5f));
    }
    for (float entry : profiles.get(7).toFloatArray()) {
      assertThat(entry).isEqualTo(0.25f, within(1e-6f));
    }
  }

  @Test
  void cosinesOfAnySizeHaveAProfile() {
    double[][] tiny = {{3e-30, 4e-30}};
    assertThat(new Profile.Cosine().of(Spaces.float32(manager, tiny)).toFloatArray())
        .containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
  }

  @Seeds
  void theAdaptiveTemperatureGivesTheRowsTheirEntropy(long seed) {
    Spaces spaces = new Spaces(seed);
    int k = 16 + (int) (seed % 5) * 60;
    double spread = Math.pow(10, -2 + 3 * (seed % 10) / 10.0);
    double[][] cosines =
        Oracle.cosines(spaces.clustered(k, 24, 7, spread), spaces.clustered(50, 24, 7, spread));
    double expected = Oracle.temperature(cosines);
    assertThat(AdaptiveTemperature.of(Spaces.float64(manager, cosines)))
        .isEqualTo(expected, within(1e-5 * expected));
    assertThat(AdaptiveTemperature.of(Spaces.float32(manager, cosines)))
        .isEqualTo(expected, within(1e-4 * expected));
  }

  @Test
  void theAdaptiveTemperatureLooksAtRowsSpreadOverAllProbes() {
    double[][] cosines =
        Oracle.cosines(new Spaces(1).gaussian(64, 9), new Spaces(2).gaussian(512, 9));
    double[][] sampled =
        IntStream.range(0, 64).mapToObj(i -> cosines[i * 8]).toArray(double[][]::new);
    assertThat(AdaptiveTemperature.of(Spaces.float32(manager, cosines)))
        .isEqualTo(AdaptiveTemperature.of(Spaces.float32(manager, sampled)));
  }

  @Test
  void withEightAnchorsOrFewerTheTemperatureIsTheLowest() {
    double[][] cosines =
        Oracle.cosines(new Spaces(1).gaussian(8, 5), new Spaces(2).gaussian(20, 5));
    assertThat(AdaptiveTemperature.of(Spaces.float32(manager, cosines)))
        .isEqualTo(0.05, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({"128, 1, -1", "16, 0.4, -0.5", "512, 1, 0", "1024, 0.9, 0.1", "4096, 64, 0"})
  void theAdaptiveTemperatureIsFoundWhereTheEntropyIsNearlyAStep(int k, double near, double far) {
    double[][] cosines = new double[20][k];
    for (int i = 0; i < 20; i++) {
      Arrays.fill(cosines[i], far);
      Arrays.fill(cosines[i], 0, Math.max(1, k * (i % 4) / 40), near);
    }
    double expected = Oracle.temperature(cosines);
    assertThat(AdaptiveTemperature.of(Spaces.float64(manager, cosines)))
        .isEqualTo(expected, within(1e-5 * expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 4096, 10_000})
  void theAdaptiveTemperatureIsFoundWhereEachRowHasOneAnchorAlone(int k) {
    double[][] rows = new double[3][k];
    for (int i = 0; i < rows.length; i++) {
      rows[i][i] = Math.sqrt(k);
    }
    double expected = Oracle.temperature(rows);
    assertThat(AdaptiveTemperature.of(Spaces.float64(manager, rows)))
        .isEqualTo(expected, within(1e-5 * expected));
  }

  @Test
  void theSearchForATemperatureEndsWhateverTheCosines() {
    NDArray notFinite = manager.ones(new Shape(5, 32)).mul(Float.NaN);
    assertThat(AdaptiveTemperature.of(notFinite)).isBetween(0.05, 50.0);
    assertThat(AdaptiveTemperature.of(manager.zeros(new Shape(5, 32)))).isBetween(0.05, 50.0);
    assertThat(AdaptiveTemperature.of(manager.ones(new Shape(5, 1)))).isBetween(0.05, 50.0);
  }
}
