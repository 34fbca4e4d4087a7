package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SketchTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Seeds
  void scoresBetweenSketchesAreThoseBetweenWhatTheyAreOf(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] isotropic = spaces.gaussian(160, 12);
    double[][] anisotropic = spaces.clustered(160, 12, 6, 0.4 + 0.01 * seed);
    for (double[][] space : List.of(isotropic, anisotropic)) {
      NDArray first = relative(space);
      NDArray second = relative(spaces.blurred(space, 0.5));
      for (Profile profile : List.of(new Profile.Cosine(), Profile.defaultProfile())) {
        double exact = score(first, second, profile);
        double sketched = score(sketched(first), sketched(second), profile);
        assertThat(sketched).as("%s", profile).isEqualTo(exact, within(0.002));
      }
      assertThat(distance(first, sketched(first))).isLessThan(0.01f);
    }
  }

  @Test
  void levelsDivideTheRangeOfEachAnchorAndZeroIsZero() {
    NDArray cosines =
        manager.create(
            new float[] {-0.5f, 0, 0.25f, 0.1f, 0.77f, 0.3f, -0.5f, 0.17f}, new Shape(4, 2));
    Sketch sketch = Sketch.of(cosines);
    assertThat(sketch.lows()).containsExactly(-0.5f, 0.1f);
    assertThat(sketch.highs()).containsExactly(0.77f, 0.3f);
    // (0.25 + 0.5) / 1.27 · 254 = 150 and (0.17 - 0.1) / 0.2 · 254 = 88.9 steps, one level above;
    // the zero has no part in its range.
    assertThat(sketch.levels()).containsExactly(1, 0, (byte) 151, 1, (byte) 255, (byte) 255, 1, 90);
    assertThat(sketch.relative(manager).toFloatArray()[1]).isZero();
    assertThat(sketch.relative(manager).toFloatArray()[2]).isEqualTo(0.25f, within(1e-6f));
  }

  @Test
  void deadInputsAndAnchorsStayDead() {
    double[][] space = new Spaces(2).gaussian(60, 6);
    space[3] = new double[6];
    space[41] = new double[6];
    NDArray sketched = sketched(relative(space));
    // The first twenty are the anchors.
    assertThat(sketched.get(":, 3").abs().max().getFloat()).isZero();
    assertThat(sketched.get(21).abs().max().getFloat()).isZero();
    assertThat(sketched.eq(0).toType(DataType.INT64, false).sum().getLong()).isEqualTo(40 + 20 - 1);
  }

  @Seeds
  void aDeadInputTakesNothingFromSpacesWhoseCosinesAreAllAlike(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] narrow = spaces.clustered(160, 12, 6, 0.4);
    for (double[] row : narrow) {
      row[0] += 30;
    }
    double[][] other = spaces.blurred(narrow, 0.5);
    narrow[40] = new double[12];
    other[40] = new double[12];
    NDArray first = relative(narrow);
    NDArray second = relative(other);
    assertThat(first.get(":19").min().getFloat()).isGreaterThan(0.9f);
    double exact = score(first, second, Profile.defaultProfile());
    assertThat(exact).isBetween(0.1, 0.95);
    assertThat(score(sketched(first), sketched(second), Profile.defaultProfile()))
        .isEqualTo(exact, within(0.002));
  }

  @Test
  void aDivergedRunIsSeenToHaveDiverged() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      NDArray cosines = manager.ones(new Shape(4, 2));
      cosines.set(new NDIndex("2, 1"), broken);
      Sketch sketch = Sketch.of(cosines);
      Sketch again = Sketch.of(4, 2, sketch.lows(), sketch.highs(), sketch.levels());
      assertThat(again).isEqualTo(sketch);
      assertThat(again.relative(manager).get(":, 0").toFloatArray()).containsOnly(1);
      assertThat(again.relative(manager).get(":, 1").toFloatArray()).containsOnly(Float.NaN);
    }
  }

  @Test
  void sketchesWithTheSameNumbersAreEqual() {
    NDArray cosines = relative(new Spaces(4).gaussian(40, 5));
    Sketch sketch = Sketch.of(cosines);
    Sketch again = Sketch.of(20, 20, sketch.lows(), sketch.highs(), sketch.levels());
    assertThat(again).isEqualTo(sketch).hasSameHashCodeAs(sketch);
    byte[] others = sketch.levels();
    others[7]++;
    assertThat(Sketch.of(20, 20, sketch.lows(), sketch.highs(), others)).isNotEqualTo(sketch);
    sketch.levels()[7]++;
    assertThat(again).isEqualTo(sketch);
  }

  @Test
  void halfAndDoublePrecisionMakeTheSameSketch() {
    NDArray cosines = manager.create(new float[] {-0.5f, 0, 0.25f, 0.125f, 1, -1}, new Shape(3, 2));
    assertThat(Sketch.of(cosines.toType(DataType.FLOAT64, true))).isEqualTo(Sketch.of(cosines));
    assertThat(Sketch.of(cosines.toType(DataType.FLOAT16, true))).isEqualTo(Sketch.of(cosines));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.4, those to anchor 1 are from 0.5 to 0.4",
    "NaN, 0.4, those to anchor 1 are from NaN to 0.4",
    "0.1, NaN, those to anchor 1 are from 0.1 to NaN",
    "-1.5, 0.4, those to anchor 1 are from -1.5 to 0.4",
    "0.1, Infinity, those to anchor 1 are from 0.1 to Infinity"
  })
  void rangesThatAreNoneOfCosinesAreRefused(float low, float high, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.of(3, 2, new float[] {0, low}, new float[] {0, high}, new byte[6]))
        .withMessageContaining(message);
  }

  @Test
  void sizesAreBounded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.of(2, 1, new float[1], new float[1], new byte[2]))
        .withMessageContaining("at least 3 probes and 1 anchor")
        .withMessageContaining("is of 2 probes and 1 anchors");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.of(manager.zeros(new Shape(1025, 1024))))
        .withMessageContaining("at most 1048576 cosines");
    assertThatIllegalArgumentException().isThrownBy(() -> Sketch.requireSize(1L << 62, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.of(3, 1, new float[1], new float[1], new byte[4]))
        .withMessageContaining("the levels must be 3, but are 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.of(3, 1, new float[2], new float[1], new byte[3]))
        .withMessageContaining("the least cosines must be 1, but are 2");
  }

  private NDArray relative(double[][] space) {
    int anchors = 20;
    return Spaces.float32(
        manager,
        Oracle.cosines(
            Arrays.copyOf(space, anchors), Arrays.copyOfRange(space, anchors, space.length)));
  }

  private NDArray sketched(NDArray relative) {
    return Sketch.of(relative).relative(manager);
  }

  private static float distance(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat();
  }

  private static double score(NDArray reference, NDArray run, Profile profile) {
    try (Gauge gauge = Gauge.of(reference, profile)) {
      return ((Score) gauge.measure(run).outcome()).value();
    }
  }
}
