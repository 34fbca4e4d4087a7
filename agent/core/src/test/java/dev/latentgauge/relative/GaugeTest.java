package dev.latentgauge.relative;

import static dev.latentgauge.relative.Spaces.head;
import static dev.latentgauge.relative.Spaces.tail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaugeTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Seeds
  void agreesWithTheDefinitionInDoublePrecision(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] reference = spaces.clustered(140, 10, 6, 0.6);
    double[][] run = spaces.blurred(reference, 0.5);
    double[][] v = Oracle.cosines(head(reference, 20), tail(reference, 120));
    double[][] u = Oracle.cosines(head(run, 20), tail(run, 120));
    for (Profile profile : Oracle.PROFILES) {
      double[][] profilesOfRun = Oracle.profiles(profile, u);
      double[][] profilesOfReference = Oracle.profiles(profile, v);
      double[] expected = Oracle.score(profilesOfRun, profilesOfReference);

      Score score = measure(profile, v, u);

      assertThat(score.similarity()).as("similarity").isEqualTo(expected[0], within(1e-5));
      assertThat(score.chance()).as("chance").isEqualTo(expected[1], within(1e-5));
      assertThat(score.value()).as("score under %s", profile).isEqualTo(expected[2], within(1e-4));
      // The two estimates of the error differ by O(1/n).
      double jackknife = Oracle.jackknife(profilesOfRun, profilesOfReference);
      assertThat(score.standardError()).isEqualTo(jackknife, within(5.0 / 120 * jackknife));
    }
  }

  @Seeds
  void doesNotSeeRotationReflectionPermutationOrScale(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    double[][] reference = spaces.blurred(space, 0.3);
    double[][] moved = Spaces.multiply(space, spaces.orthogonal(12));
    double scale = Math.exp(6 * Math.sin((double) seed));
    double[][] scaled =
        Arrays.stream(moved)
            .map(row -> Arrays.stream(row).map(x -> x * scale).toArray())
            .toArray(double[][]::new);
    double[][] permuted =
        Arrays.stream(space)
            .map(
                row ->
                    new double[] {
                      row[7], row[2], row[0], row[11], row[9], row[1],
                      row[3], row[10], row[8], row[6], row[5], row[4]
                    })
            .toArray(double[][]::new);
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(reference), profile)) {
        Score before = score(gauge.measure(relative(space)));
        for (double[][] image : List.of(moved, scaled, permuted)) {
          Score after = score(gauge.measure(relative(image)));
          // A neighbour that is a rounding error away may change places.
          double tolerance = profile.differentiable() ? 2e-5 : 0.02;
          assertThat(after.value()).isEqualTo(before.value(), within(tolerance));
        }
      }
    }
  }

  @Test
  void aRunThatIsTheReferenceScoresOneWithoutError() {
    double[][] space = new Spaces(1).clustered(60, 12, 5, 0.7);
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(space), profile)) {
        Score score = score(gauge.measure(relative(space)));
        assertThat(score.value()).isEqualTo(1, within(1e-5));
        assertThat(score.standardError()).isLessThan(1e-5);
      }
    }
  }

  @Test
  void cosinesThatAreUsedUpScoreAsACopyOfThemAndAreClosed() {
    Spaces spaces = new Spaces(3);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(space), profile)) {
        NDArray run = relative(spaces.blurred(space, 0.3));
        double expected = score(gauge.measure(run)).value();
        assertThat(score(gauge.measureAndClose(run)).value()).isEqualTo(expected, within(1e-6));
        assertThatIllegalStateException().isThrownBy(run::toFloatArray);
        NDArray other = manager.ones(new Shape(5, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> gauge.measureAndClose(other));
        assertThatIllegalStateException().isThrownBy(other::toFloatArray);
      }
    }
  }

  @Seeds
  void unrelatedSpacesScoreWithinFourStandardErrorsOfChance(long seed) {
    Spaces spaces = new Spaces(seed);
    for (Profile profile : Oracle.PROFILES) {
      Score score =
          measure(
              profile,
              Oracle.cosines(spaces.gaussian(64, 20), spaces.gaussian(400, 20)),
              Oracle.cosines(spaces.gaussian(64, 20), spaces.gaussian(400, 20)));
      assertThat(Math.abs(score.value())).isLessThan(4 * score.standardError());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1e-4", "1e-1, 1e-4", "1e-2, 1e-4", "1e-3, 1e-4", "1e-4, 3e-3"})
  void keepsItsPrecisionWhereTheRepresentationIsNearlyConstant(double spread, double tolerance) {
    // All probes point nearly the same way: 1 - chance is about the square of the spread.
    Spaces spaces = new Spaces(3);
    double[][] anchors = spaces.gaussian(32, 8);
    double[][] reference = around(spaces, 200, 8, spread);
    double[][] run = spaces.blurred(reference, 0.5 * spread);
    double[][] v = rounded(Oracle.cosines(anchors, reference));
    double[][] u = rounded(Oracle.cosines(anchors, run));

    Score score = measure(new Profile.Cosine(), v, u);

    double[] expected =
        Oracle.score(
            Oracle.profiles(new Profile.Cosine(), u), Oracle.profiles(new Profile.Cosine(), v));
    assertThat(1 - expected[1]).isBetween(0.05 * spread * spread, 5 * spread * spread);
    assertThat(score.value()).isEqualTo(expected[2], within(tolerance));
    assertThat(1 - score.chance()).isCloseTo(1 - expected[1], withinPercentage(1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-2, 1e-4})
  void doublePrecisionIsKept(double spread) {
    Spaces spaces = new Spaces(3);
    double[][] anchors = spaces.gaussian(32, 8);
    double[][] reference = around(spaces, 200, 8, spread);
    double[][] run = spaces.blurred(reference, 0.5 * spread);
    try (Gauge gauge =
        Gauge.of(
            RelativeRepresentation.of(
                Spaces.float64(manager, anchors), Spaces.float64(manager, reference)),
            new Profile.Cosine())) {
      Score score =
          score(gauge.measure(Spaces.float64(manager, anchors), Spaces.float64(manager, run)));
      double[] expected =
          Oracle.score(
              Oracle.profiles(new Profile.Cosine(), Oracle.cosines(anchors, run)),
              Oracle.profiles(new Profile.Cosine(), Oracle.cosines(anchors, reference)));
      // The definition itself loses what 1 - chance has lost: 1e-16 of it.
      assertThat(score.value()).isEqualTo(expected[2], within(1e-6));
    }
  }

  @Seeds
  void theStandardErrorIsThatOfTheBootstrap(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] reference = spaces.clustered(140, 10, 6, 0.6);
    double[][] run = spaces.blurred(reference, 0.5);
    double[][] v = Oracle.cosines(head(reference, 20), tail(reference, 120));
    double[][] u = Oracle.cosines(head(run, 20), tail(run, 120));
    Profile profile = Oracle.PROFILES.get((int) (seed % Oracle.PROFILES.size()));

    Score score = measure(profile, v, u);

    double bootstrap =
        Oracle.bootstrap(
            Oracle.profiles(profile, u), Oracle.profiles(profile, v), 500, new Random(seed));
    // The deviation of 500 resamples is itself known to 3 %, and the estimates differ by O(1/n).
    assertThat(score.standardError()).isEqualTo(bootstrap, within(0.15 * bootstrap));
  }

  @Seeds
  void theErrorOfADifferenceIsThatOfTheJackknifeOnTheSameProbes(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] reference = spaces.clustered(140, 10, 6, 0.6);
    double[][] earlier = spaces.blurred(reference, 0.5);
    double[][] later = spaces.blurred(earlier, 0.05);
    double[][] v = Oracle.cosines(head(reference, 20), tail(reference, 120));
    double[][] u = Oracle.cosines(head(earlier, 20), tail(earlier, 120));
    double[][] w = Oracle.cosines(head(later, 20), tail(later, 120));
    Profile profile = Oracle.PROFILES.get((int) (seed % Oracle.PROFILES.size()));
    try (Gauge gauge = Gauge.of(Spaces.float32(manager, v), profile)) {
      Measurement first = gauge.measure(Spaces.float32(manager, u));
      Measurement second = gauge.measure(Spaces.float32(manager, w));

      Difference difference = second.minus(first).orElseThrow();

      assertThat(difference.value())
          .isEqualTo(score(second).value() - score(first).value(), within(1e-12));
      double jackknife =
          Oracle.jackknifeOfDifference(
              Oracle.profiles(profile, w),
              Oracle.profiles(profile, u),
              Oracle.profiles(profile, v));
      assertThat(difference.standardError()).isEqualTo(jackknife, within(0.1 * jackknife));
      assertThat(difference.standardError()).isLessThan(score(second).standardError());
    }
  }

  @Test
  void onlyDefinedScoresOfTheSameProbesHaveADifference() {
    Spaces spaces = new Spaces(16);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    double[][] broken = spaces.blurred(space, 0.1);
    Measurement of30;
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      of30 = gauge.measure(relative(space));
      broken[50][3] = Double.NaN;
      assertThat(of30.minus(gauge.measure(relative(broken)))).isEmpty();
    }
    double[][] larger = spaces.clustered(70, 12, 5, 0.7);
    try (Gauge gauge = Gauge.of(relative(larger), Profile.defaultProfile())) {
      Measurement of35 = gauge.measure(relative(larger));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> of30.minus(of35))
          .withMessage(
              "only scores of the same probes have a difference, but one is of 30 and the other of"
                  + " 35");
    }
  }

  @Test
  void theAnchorErrorIsTheDeviationOverIndependentChoicesOfAnchors() {
    Spaces spaces = new Spaces(17);
    double[][] probes = spaces.clustered(150, 10, 6, 0.6);
    double[][] run = spaces.blurred(probes, 0.5);
    for (Profile profile :
        List.of(new Profile.Cosine(), new Profile.Soft(0.1), new Profile.Neighbours(6))) {
      double[] scores = new double[60];
      double[] errors = new double[60];
      for (int i = 0; i < scores.length; i++) {
        double[][] anchors = spaces.clustered(48, 10, 6, 0.6);
        NDArray u = Spaces.float32(manager, Oracle.cosines(spaces.blurred(anchors, 0.5), run));
        NDArray v = Spaces.float32(manager, Oracle.cosines(anchors, probes));
        try (Gauge gauge = Gauge.of(v, profile)) {
          scores[i] = score(gauge.measure(u)).value();
          errors[i] = gauge.anchorError(u).orElseThrow();
          assertThat(gauge.anchorError(u)).hasValue(errors[i]);
        }
      }
      double deviation = Oracle.standardDeviation(scores);
      double mean = Arrays.stream(errors).average().orElseThrow();
      // The deviation of 60 scores is itself known to 9 %.
      assertThat(mean).as("%s", profile).isEqualTo(deviation, within(0.35 * deviation));
    }
  }

  @Test
  void theAnchorErrorIsAbsentWhereItMeansNothing() {
    Spaces spaces = new Spaces(18);
    NDArray three =
        Spaces.float32(manager, Oracle.cosines(spaces.gaussian(3, 5), spaces.gaussian(30, 5)));
    try (Gauge gauge = Gauge.of(three, new Profile.Cosine())) {
      assertThat(gauge.anchorError(three)).isEmpty();
    }
    NDArray four =
        Spaces.float32(manager, Oracle.cosines(spaces.gaussian(4, 5), spaces.gaussian(30, 5)));
    try (Gauge gauge = Gauge.of(four, new Profile.Cosine())) {
      assertThat(gauge.anchorError(four)).hasValueCloseTo(0.0, within(1e-5));
      assertThat(gauge.anchorError(four.mul(Float.NaN))).isEmpty();
    }
  }

  @Test
  void aSingleAnchorIsEnoughForTheCosineAndTooFewForTheOthers() {
    Spaces spaces = new Spaces(19);
    NDArray single =
        Spaces.float32(manager, Oracle.cosines(spaces.gaussian(1, 5), spaces.gaussian(30, 5)));
    try (Gauge gauge = Gauge.of(single, new Profile.Cosine())) {
      assertThat(score(gauge.measure(single)).value()).isEqualTo(1, within(1e-5));
    }
    for (Profile profile : List.of(Profile.defaultProfile(), new Profile.Neighbours(1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Gauge.of(single, profile))
          .withMessageContaining("hardly tells the probes apart");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void fewerThanThreeProbesAreRefused(int n) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gauge.of(manager.ones(new Shape(n, 4)), Profile.defaultProfile()))
        .withMessage(
            "a reference must have at least 3 probes and 1 anchor, but its relative representation"
                + " has shape "
                + new Shape(n, 4));
  }

  @Test
  void threeProbesAreEnough() {
    NDArray cosines =
        Spaces.float32(
            manager, Oracle.cosines(new Spaces(20).gaussian(9, 5), new Spaces(21).gaussian(3, 5)));
    try (Gauge gauge = Gauge.of(cosines, Profile.defaultProfile())) {
      assertThat(score(gauge.measure(cosines)).value()).isEqualTo(1, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "4, 0"})
  void emptyEmbeddingsAreRefused(int rows, int dimensions) {
    NDArray empty = manager.create(new Shape(rows, dimensions));
    NDArray other = manager.ones(new Shape(5, dimensions == 0 ? 1 : dimensions));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelativeRepresentation.of(empty, other))
        .withMessage(
            "anchors must have at least one row and one dimension, but have shape "
                + new Shape(rows, dimensions));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelativeRepresentation.of(other, empty))
        .withMessageStartingWith("probes must have at least one row and one dimension");
  }

  @Test
  void integersAreNotEmbeddings() {
    NDArray integers = manager.ones(new Shape(4, 4), DataType.INT32);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelativeRepresentation.of(integers, integers))
        .withMessage(
            "anchors must be a matrix of floating-point numbers, but has shape (4, 4) and type"
                + " int32");
  }

  @Test
  void runAndReferenceMayDifferInPrecision() {
    double[][] space = new Spaces(22).clustered(60, 12, 5, 0.7);
    NDArray single = relative(space);
    NDArray twice = single.toType(DataType.FLOAT64, true);
    for (Profile profile : Oracle.PROFILES) {
      for (List<NDArray> pair : List.of(List.of(single, twice), List.of(twice, single))) {
        try (Gauge gauge = Gauge.of(pair.get(0), profile)) {
          assertThat(score(gauge.measure(pair.get(1))).value()).isEqualTo(1, within(1e-5));
        }
      }
    }
  }

  @Test
  void zeroRowsAreCountedAndSayNothing() {
    Spaces spaces = new Spaces(7);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    double[][] dead = spaces.blurred(space, 0.3);
    for (int i = 40; i < 44; i++) {
      Arrays.fill(dead[i], 0);
    }
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(space), profile)) {
        Measurement measurement = gauge.measure(relative(dead));
        assertThat(measurement.zeroRows()).isEqualTo(4);
        double[] expected =
            Oracle.score(
                Oracle.profiles(profile, Oracle.cosines(head(dead, 30), tail(dead, 30))),
                Oracle.profiles(profile, Oracle.cosines(head(space, 30), tail(space, 30))));
        assertThat(score(measurement).value()).isEqualTo(expected[2], within(1e-4));
      }
    }
  }

  @Test
  void moreThanAFifthOfZeroRowsIsUndefined() {
    Spaces spaces = new Spaces(8);
    double[][] space = spaces.clustered(60, 12, 5, 0.7);
    double[][] dead = spaces.blurred(space, 0.3);
    for (int i = 40; i < 47; i++) {
      Arrays.fill(dead[i], 0);
    }
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      assertThat(gauge.measure(relative(dead)).outcome())
          .isEqualTo(new Undefined("7 of 30 probes have a zero embedding, at most a fifth may"));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void embeddingsThatAreNotFiniteAreUndefined(float bad) {
    double[][] space = new Spaces(9).clustered(60, 12, 5, 0.7);
    double[][] broken = new Spaces(9).blurred(space, 0.1);
    broken[50][3] = bad;
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(space), profile)) {
        assertThat(gauge.measure(relative(broken)).outcome())
            .isEqualTo(new Undefined("non-finite embeddings"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void cosinesThatAreNotFiniteAreUndefinedAndRefusedOfAReference(float bad) {
    double[][] space = new Spaces(9).clustered(60, 12, 5, 0.7);
    NDArray good = relative(space);
    NDArray run = good.duplicate();
    run.set(new NDIndex(17, 3), bad);
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(good, profile)) {
        assertThat(gauge.measure(run).outcome())
            .as("%s", profile)
            .isEqualTo(new Undefined(Undefined.NON_FINITE));
        if (profile.differentiable()) {
          assertThat(gauge.score(run).getFloat()).as("%s", profile).isNaN();
        }
      }
      assertThatIllegalArgumentException()
          .as("%s", profile)
          .isThrownBy(() -> Gauge.of(run, profile));
    }
  }

  @Test
  void moreNeighboursThanAnchorsAreRefused() {
    NDArray relative = relative(new Spaces(10).clustered(60, 12, 5, 0.7));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gauge.of(relative, new Profile.Neighbours(31)))
        .withMessage("the neighbours must be at most the number of anchors, but are 31 of 30");
  }

  @Test
  void aCollapsedRunScoresAboutZero() {
    double[][] space = new Spaces(10).clustered(60, 12, 5, 0.7);
    double[][] collapsed = new double[60][12];
    for (double[] row : collapsed) {
      Arrays.fill(row, 0.25);
    }
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(relative(space), profile)) {
        assertThat(score(gauge.measure(relative(collapsed))).value()).isEqualTo(0, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-30, 1e-20, 1, 1e20, 1e30})
  void embeddingsOfAnyFiniteSizeHaveADirection(double size) {
    double[][] space = new Spaces(11).clustered(60, 12, 5, 0.7);
    double[][] resized =
        Arrays.stream(space)
            .map(row -> Arrays.stream(row).map(x -> x * size).toArray())
            .toArray(double[][]::new);
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      assertThat(score(gauge.measure(relative(resized))).value()).isEqualTo(1, within(1e-5));
    }
  }

  @Test
  void halfPrecisionIsWidenedBeforeItCanOverflow() {
    double[][] space = new Spaces(12).clustered(60, 12, 5, 0.7);
    double[][] large =
        Arrays.stream(space)
            .map(row -> Arrays.stream(row).map(x -> x * 1e4).toArray())
            .toArray(double[][]::new);
    NDArray anchors = Spaces.float32(manager, head(large, 30)).toType(DataType.FLOAT16, false);
    NDArray probes = Spaces.float32(manager, tail(large, 30)).toType(DataType.FLOAT16, false);
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      assertThat(score(gauge.measure(anchors, probes)).value()).isEqualTo(1, within(1e-3));
    }
  }

  @Test
  void influencesSumToZeroAndGiveTheStandardError() {
    Spaces spaces = new Spaces(13);
    double[][] space = spaces.clustered(90, 12, 5, 0.7);
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      Measurement measurement = gauge.measure(relative(spaces.blurred(space, 0.8)));
      double[] influences = measurement.influences();
      assertThat(influences).hasSize(45);
      assertThat(Arrays.stream(influences).sum()).isEqualTo(0, within(1e-4));
      double squares = Arrays.stream(influences).map(x -> x * x).sum();
      assertThat(score(measurement).standardError())
          .isEqualTo(Math.sqrt(squares / (45 * 44)), within(1e-12));
    }
  }

  @Test
  void aMatrixOfSeveralBlocksIsMeasuredAsAWhole() {
    double[][] space = new Spaces(15).clustered(1700, 12, 9, 0.7);
    double[][] blurred = new Spaces(16).blurred(space, 1.5);
    for (int row : new int[] {605, 1300, 1699}) {
      Arrays.fill(blurred[row], 0);
    }
    double[][] v = rounded(Oracle.cosines(head(space, 600), tail(space, 1100)));
    double[][] u = rounded(Oracle.cosines(head(blurred, 600), tail(blurred, 1100)));
    NDArray run = Spaces.float32(manager, u);
    assertThat(run.size()).isGreaterThan(RowBlocks.NUMBERS);
    for (Profile profile : Oracle.PROFILES) {
      try (Gauge gauge = Gauge.of(Spaces.float32(manager, v), profile)) {
        Measurement measurement = gauge.measure(run);
        double whole = Oracle.score(Oracle.profiles(profile, u), Oracle.profiles(profile, v))[2];
        assertThat(score(measurement).value()).isEqualTo(whole, within(1e-5));
        if (profile.differentiable()) {
          assertThat((double) gauge.score(run).getFloat()).isEqualTo(whole, within(1e-5));
        }
        assertThat(measurement.zeroRows()).isEqualTo(3);
      }
    }
    assertThat(run.eq(Spaces.float32(manager, u)).all().getBoolean()).as("left alone").isTrue();
  }

  @Test
  void leavesNoArraysBehind() {
    double[][] space = new Spaces(14).clustered(60, 12, 5, 0.7);
    NDArray anchors = Spaces.float32(manager, head(space, 30));
    NDArray probes = Spaces.float32(manager, tail(space, 30));
    NDArray relative = RelativeRepresentation.of(anchors, probes);
    try (Gauge gauge = Gauge.of(relative, Profile.defaultProfile())) {
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 10; i++) {
        gauge.measure(anchors, probes);
        gauge.score(relative).close();
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
      assertThat(anchors.getManager()).isSameAs(manager);
    }
  }

  @Test
  void aReferenceThatTellsNothingApartIsRefused() {
    NDArray constant = manager.ones(new Shape(30, 12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gauge.of(constant, Profile.defaultProfile()))
        .withMessageContaining("hardly tells the probes apart");
    NDArray broken = manager.create(new float[] {1, 0, Float.NaN, 1, 0, 1}, new Shape(3, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gauge.of(broken, Profile.defaultProfile()))
        .withMessage("the reference is not usable: non-finite embeddings");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gauge.of(manager.ones(new Shape(2, 12)), Profile.defaultProfile()))
        .withMessageContaining("at least 3 probes");
  }

  @Test
  void whatDoesNotFitTheReferenceIsNamed() {
    double[][] space = new Spaces(15).clustered(60, 12, 5, 0.7);
    try (Gauge gauge = Gauge.of(relative(space), Profile.defaultProfile())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gauge.measure(manager.ones(new Shape(30, 29))))
          .withMessage("the reference has 30 probes and 30 anchors, but the run has 30 and 29");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> gauge.measure(manager.ones(new Shape(30, 5)), manager.ones(new Shape(30, 6))))
          .withMessage(
              "anchors and probes must come from one model, but anchors have 5 dimensions and"
                  + " probes 6");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  gauge.measure(manager.ones(new Shape(30, 5, 2)), manager.ones(new Shape(30, 6))))
          .withMessageContaining("anchors must be a matrix of floating-point numbers");
    }
    try (Gauge gauge = Gauge.of(relative(space), new Profile.Neighbours(4))) {
      assertThatIllegalStateException().isThrownBy(() -> gauge.score(relative(space)));
    }
  }

  private Score measure(Profile profile, double[][] reference, double[][] run) {
    try (Gauge gauge = Gauge.of(Spaces.float32(manager, reference), profile)) {
      return score(gauge.measure(Spaces.float32(manager, run)));
    }
  }

  private static Score score(Measurement measurement) {
    assertThat(measurement.outcome()).isInstanceOf(Score.class);
    return (Score) measurement.outcome();
  }

  private NDArray relative(double[][] space) {
    return Spaces.relative(manager, space);
  }

  private static double[][] around(Spaces spaces, int rows, int columns, double spread) {
    double[][] noise = spaces.gaussian(rows, columns);
    return Arrays.stream(noise)
        .map(row -> Arrays.stream(row).map(x -> 1 + spread * x).toArray())
        .toArray(double[][]::new);
  }

  /** What of the numbers a float32 can hold, so that only the arithmetic differs. */
  private static double[][] rounded(double[][] rows) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(x -> (float) x).toArray())
        .toArray(double[][]::new);
  }
}
