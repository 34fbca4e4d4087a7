package dev.latentgauge.relative;

import static dev.latentgauge.relative.Spaces.head;
import static dev.latentgauge.relative.Spaces.tail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of {@link Gauge#score}; its value is tested beside measurements. */
class DifferentiableScoreTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void gradientsAgreeWithFiniteDifferences() {
    Spaces spaces = new Spaces(5);
    double[][] reference = Oracle.cosines(spaces.gaussian(9, 4), spaces.gaussian(12, 4));
    double[][] anchors = spaces.gaussian(9, 4);
    double[][] probes = spaces.gaussian(12, 4);
    Arrays.fill(probes[3], 0);
    for (Profile profile : List.of(new Profile.Cosine(), new Profile.Soft(0.1))) {
      try (Gauge gauge = Gauge.of(Spaces.float64(manager, reference), profile)) {
        NDArray a = Spaces.float64(manager, anchors);
        NDArray p = Spaces.float64(manager, probes);
        differentiate(gauge, a, p);
        assertGradient(gauge, anchors, probes, anchors, a.getGradient().toDoubleArray(), -1);
        assertGradient(gauge, anchors, probes, probes, p.getGradient().toDoubleArray(), 3);
      }
    }
  }

  /** Of profiles through which gradients flow. */
  private static Stream<Profile> differentiable() {
    return Stream.of(
        new Profile.Cosine(),
        new Profile.Soft(0.1),
        new Profile.AdaptiveSoft(),
        new Profile.StandardisedSoft());
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void theGradientIsThatWhichTheEngineFinds(Profile profile) {
    Spaces spaces = new Spaces(31);
    double[][] space = spaces.clustered(90, 8, 4, 0.6);
    double[][] blurred = spaces.blurred(space, 0.7);
    Arrays.fill(blurred[40], 0);
    NDArray reference = Spaces.float64(manager, Oracle.cosines(head(space, 25), tail(space, 65)));
    NDArray run = Spaces.float64(manager, Oracle.cosines(head(blurred, 25), tail(blurred, 65)));
    double[] expected = withoutRows(gradientByEngine(profile, run, reference), 25, 15);
    try (Gauge gauge = Gauge.of(reference, profile)) {
      double[] gradient = gradient(gauge, run, () -> {}).toDoubleArray();
      assertClose(withoutRows(gradient, 25, 15), expected, 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void theGradientOfSeveralBlocksIsThatOfTheWhole(Profile profile) {
    Spaces spaces = new Spaces(32);
    double[][] space = spaces.clustered(1700, 12, 9, 0.7);
    double[][] blurred = spaces.blurred(space, 1.5);
    int[] zeroRows = {5, 700, 1099};
    for (int row : zeroRows) {
      Arrays.fill(blurred[600 + row], 0);
    }
    NDArray v = Spaces.float64(manager, Oracle.cosines(head(space, 600), tail(space, 1100)));
    NDArray u = Spaces.float64(manager, Oracle.cosines(head(blurred, 600), tail(blurred, 1100)));
    assertThat(u.size()).isGreaterThan(2 * RowBlocks.NUMBERS);
    double[] expected = withoutRows(gradientByEngine(profile, u, v), 600, zeroRows);
    NDArray shortV = v.toType(DataType.FLOAT32, true);
    NDArray shortU = u.toType(DataType.FLOAT32, true);
    for (List<NDArray> pair :
        List.of(List.of(shortV, shortU), List.of(v, shortU), List.of(shortV, u))) {
      try (Gauge gauge = Gauge.of(pair.get(0), profile)) {
        NDArray run = pair.get(1);
        NDArray before = run.duplicate();
        double[] gradient = Scratch.numbers(gradient(gauge, run, () -> {}));
        assertClose(withoutRows(gradient, 600, zeroRows), expected, 1e-4);
        assertThat(gauge.score(run).getDataType()).isEqualTo(run.getDataType());
        assertThat(run.eq(before).all().getBoolean()).as("left alone").isTrue();
      }
    }
  }

  /** A row of zeros has no direction, and what it would become is nobody's to say. */
  private static double[] withoutRows(double[] gradient, int anchors, int... rows) {
    assertThat(gradient).doesNotContain(Double.NaN);
    for (int row : rows) {
      Arrays.fill(gradient, row * anchors, (row + 1) * anchors, 0);
    }
    return gradient;
  }

  /** Compares with the largest of those that are expected. */
  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).isPositive();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("number " + i).isEqualTo(expected[i], within(tolerance * largest));
    }
  }

  /** Of the definition of the score, by the engine. */
  private double[] gradientByEngine(Profile profile, NDArray run, NDArray reference) {
    double n = run.getShape().get(0);
    NDArray variable = run.duplicate();
    variable.setRequiresGradient(true);
    NDArray v = profile.of(reference);
    try (var collector = manager.getEngine().newGradientCollector()) {
      NDArray u = profile.of(variable);
      NDArray similarities = u.matMul(v.transpose());
      NDArray all = similarities.sum();
      NDArray matching = u.mul(v).sum();
      NDArray chance = all.sub(matching).div(number(n * (n - 1)));
      NDArray similarity = matching.div(number(n));
      collector.backward(similarity.sub(chance).div(chance.neg().add(number(1))));
    }
    return variable.getGradient().toDoubleArray();
  }

  private NDArray number(double number) {
    return Scratch.number(manager, number);
  }

  @Test
  void gradientsReachEmbeddingsInHalfPrecision() {
    Spaces spaces = new Spaces(33);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    NDArray anchors = Spaces.float32(manager, spaces.blurred(head(space, 30), 0.5));
    NDArray probes = Spaces.float32(manager, spaces.blurred(tail(space, 30), 0.5));
    try (Gauge gauge = Gauge.of(Spaces.relative(manager, space), Profile.defaultProfile())) {
      NDArray shortAnchors = anchors.toType(DataType.FLOAT16, true);
      NDArray shortProbes = probes.toType(DataType.FLOAT16, true);
      differentiate(gauge, anchors, probes);
      differentiate(gauge, shortAnchors, shortProbes);
      NDArray gradient = shortProbes.getGradient();
      assertThat(gradient.getDataType()).isEqualTo(DataType.FLOAT16);
      assertClose(
          Scratch.numbers(gradient.toType(DataType.FLOAT32, true)),
          Scratch.numbers(probes.getGradient()),
          0.02);
    }
  }

  /** Finds the gradient of the score by both. */
  private void differentiate(Gauge gauge, NDArray anchors, NDArray probes) {
    anchors.setRequiresGradient(true);
    probes.setRequiresGradient(true);
    try (var collector = manager.getEngine().newGradientCollector()) {
      collector.backward(gauge.score(RelativeRepresentation.of(anchors, probes)));
    }
  }

  @Seeds
  void gradientsAreFiniteWhateverTheEmbeddings(long seed) {
    Spaces spaces = new Spaces(seed);
    double size = Math.pow(10, seed % 60 - 30.0);
    NDArray reference =
        Spaces.float32(manager, Oracle.cosines(spaces.gaussian(20, 4), spaces.gaussian(30, 4)));
    double[][] anchors = spaces.gaussian(20, 4);
    double[][] probes = spaces.clustered(30, 4, 2, Math.pow(10, -(double) (seed % 7)));
    Arrays.fill(probes[5], 0);
    Arrays.fill(anchors[2], 0);
    probes[6] = anchors[3].clone();
    for (double[] row : probes) {
      Arrays.setAll(row, j -> row[j] * size);
    }
    for (Profile profile :
        List.of(
            new Profile.Cosine(),
            new Profile.Soft(0.001),
            new Profile.AdaptiveSoft(),
            new Profile.StandardisedSoft())) {
      try (Gauge gauge = Gauge.of(reference, profile)) {
        NDArray a = Spaces.float32(manager, anchors);
        NDArray p = Spaces.float32(manager, probes);
        differentiate(gauge, a, p);
        assertThat(a.getGradient().isInfinite().any().getBoolean()).isFalse();
        assertThat(a.getGradient().isNaN().any().getBoolean()).isFalse();
        assertThat(p.getGradient().isNaN().any().getBoolean()).isFalse();
        // A gradient is as large as the embedding is small; below 1e-30 it may leave float32.
        assertThat(p.getGradient().isInfinite().any().getBoolean()).isFalse();
      }
    }
  }

  @Test
  void aStepAlongTheGradientUnderTheAdaptiveProfileRaisesTheScore() {
    Spaces spaces = new Spaces(6);
    NDArray reference = Spaces.relative(manager, spaces.clustered(80, 6, 4, 0.5));
    NDArray run = Spaces.relative(manager, spaces.clustered(80, 6, 4, 0.9));
    run.setRequiresGradient(true);
    try (Gauge gauge = Gauge.of(reference, Profile.defaultProfile())) {
      double before;
      try (var collector = manager.getEngine().newGradientCollector()) {
        NDArray score = gauge.score(run);
        before = score.toFloatArray()[0];
        collector.backward(score);
      }
      NDArray stepped = run.stopGradient().add(run.getGradient().mul(0.1));
      assertThat(gauge.score(stepped).toFloatArray()[0]).isGreaterThan((float) before);
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void theBackwardPassReadsNothingThatWasFreed(Profile profile) {
    Spaces spaces = new Spaces(11);
    NDArray reference = Spaces.relative(manager, spaces.clustered(40, 16, 4, 0.5));
    NDArray run = Spaces.relative(manager, spaces.clustered(40, 16, 4, 0.9));
    try (Gauge gauge = Gauge.of(reference, profile)) {
      float[] expected = gradient(gauge, run, () -> {}).toFloatArray();
      for (int i = 0; i < 5; i++) {
        assertThat(gradient(gauge, run, () -> FreedMemory.overwrite(manager)).toFloatArray())
            .isEqualTo(expected);
      }
    }
  }

  private NDArray gradient(Gauge gauge, NDArray run, Runnable beforeBackward) {
    NDArray variable = run.duplicate();
    variable.setRequiresGradient(true);
    try (var collector = manager.getEngine().newGradientCollector()) {
      NDArray score = gauge.score(variable);
      beforeBackward.run();
      collector.backward(score);
    }
    return variable.getGradient();
  }

  private void assertGradient(
      Gauge gauge,
      double[][] anchors,
      double[][] probes,
      double[][] varied,
      double[] gradient,
      int zeroRow) {
    double step = 1e-6;
    for (int i = 0; i < varied.length; i++) {
      for (int j = 0; j < varied[i].length; j++) {
        double actual = gradient[i * varied[i].length + j];
        if (i == zeroRow) {
          assertThat(actual).isFinite();
          continue;
        }
        double value = varied[i][j];
        varied[i][j] = value + step;
        double above = scoreInDouble(gauge, anchors, probes);
        varied[i][j] = value - step;
        double below = scoreInDouble(gauge, anchors, probes);
        varied[i][j] = value;
        assertThat(actual).isEqualTo((above - below) / (2 * step), within(1e-6));
      }
    }
  }

  private double scoreInDouble(Gauge gauge, double[][] anchors, double[][] probes) {
    try (NDManager scratch = manager.newSubManager()) {
      return gauge.score(
              RelativeRepresentation.of(
                  Spaces.float64(scratch, anchors), Spaces.float64(scratch, probes)))
          .toDoubleArray()[0];
    }
  }
}
