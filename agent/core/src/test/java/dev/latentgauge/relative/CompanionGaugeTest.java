package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompanionGaugeTest {

  private static final Offset<Double> ROUNDING = within(1e-4);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"50, 7, 5", "50, 5, 80", "50, 30, 25", "30, 64, 5", "30, 64, 90", "3, 4, 4"})
  void agreesWithTheDefinitionsWhicheverOfTheSizesIsTheLarger(int n, int d, int dOfReference) {
    Spaces spaces = new Spaces(n + d);
    double[][] shared = spaces.clustered(n, d, 4, 0.8);
    double[][] reference =
        Spaces.multiply(spaces.blurred(shared, 0.5), spaces.gaussian(dOfReference, d));

    Companions companions = measure(reference, shared);

    assertThat(companions.linearCka())
        .hasValueCloseTo(Oracle.linearCka(shared, reference), ROUNDING);
    assertThat(companions.effectiveRank())
        .hasValueCloseTo(Oracle.effectiveRank(shared), within(1e-4 * d));
  }

  /**
   * Of more than 2048 probes no Gram matrix is kept, and one of the two ways takes another path.
   */
  @ParameterizedTest
  @CsvSource({"40, 30, 3", "40, 50, 3", "2100, 2150, 3"})
  void isTheSameWhicheverOfTwoIsTheReference(int n, int d, int dOfOther) {
    NDArray one = manager.randomNormal(new Shape(n, d));
    NDArray other = one.get(":, :" + dOfOther).add(manager.randomNormal(new Shape(n, dOfOther)));
    double[] ckas = new double[2];
    NDArray cosines = manager.ones(new Shape(n, 1));
    try (CompanionGauge ofOne =
            CompanionGauge.of(cosines, Optional.of(Rows.of(one)), Optional.empty());
        CompanionGauge ofOther =
            CompanionGauge.of(cosines, Optional.of(Rows.of(other)), Optional.empty())) {
      ckas[0] = cka(ofOne, cosines, other);
      ckas[1] = cka(ofOther, cosines, one);
      // What is kept by then is used.
      assertThat(cka(ofOther, cosines, one)).isEqualTo(ckas[1]);
    }
    assertThat(ckas[0]).isCloseTo(ckas[1], ROUNDING).isGreaterThan(0.01);
  }

  private static double cka(CompanionGauge gauge, NDArray cosines, NDArray run) {
    return gauge
        .measure(cosines, Optional.of(Rows.of(run)), Optional.empty())
        .linearCka()
        .orElseThrow();
  }

  @Seeds
  void countsTheNearestAnchorsInCommon(long seed) {
    Spaces spaces = new Spaces(seed);
    int k = 8 + (int) (seed % 7) * 20;
    double[][] u = Oracle.cosines(spaces.gaussian(k, 6), spaces.gaussian(20, 6));
    double[][] v = spaces.blurred(u, 0.2);
    int nearest = Math.max(1, Math.round(k / 16f));

    Companions companions =
        measure(
            Spaces.float32(manager, v), Spaces.float32(manager, u), manager.ones(new Shape(20, 2)));

    assertThat(companions.neighbourOverlap())
        .hasValueCloseTo(Oracle.neighbourOverlap(u, v, nearest), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e2, 1e4})
  void staysExactWhereTheMeanIsFarLargerThanTheSpread(double offset) {
    Spaces spaces = new Spaces(2);
    double[][] run = rounded(moved(spaces.gaussian(60, 6), offset));
    double[][] reference = rounded(moved(spaces.blurred(run, 1), offset));

    Companions companions = measure(reference, run);

    assertThat(companions.linearCka()).hasValueCloseTo(Oracle.linearCka(run, reference), ROUNDING);
    assertThat(companions.effectiveRank()).hasValueCloseTo(Oracle.effectiveRank(run), ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-30, 1, 1e15, 1e37})
  void doesNotDependOnTheScale(double scale) {
    Spaces spaces = new Spaces(3);
    double[][] run = spaces.clustered(40, 6, 4, 0.8);
    double[][] scaled =
        Arrays.stream(run)
            .map(row -> Arrays.stream(row).map(x -> x * scale / 10).toArray())
            .toArray(double[][]::new);
    Companions companions = measure(scaled, scaled);
    assertThat(companions.linearCka()).hasValueCloseTo(1.0, ROUNDING);
    assertThat(companions.effectiveRank()).hasValueCloseTo(Oracle.effectiveRank(run), ROUNDING);
  }

  @ParameterizedTest
  @CsvSource({"50, 7, 1e-4", "50, 30, 1e-3", "30, 70, 1e-2"})
  void readsEmbeddingsInBatchesAndComesToTheSame(int n, int d, double tolerance) {
    Spaces spaces = new Spaces(4);
    double[][] run = spaces.clustered(n, d, 4, 0.8);
    double[][] reference = spaces.blurred(run, 0.4);
    NDArray cosines = manager.ones(new Shape(n, 16));
    try (CompanionGauge gauge =
        CompanionGauge.of(cosines, Optional.of(inBatches(reference, 7)), Optional.empty())) {
      Companions companions =
          gauge.measure(cosines, Optional.of(inBatches(run, 11)), Optional.empty());
      assertThat(companions.linearCka())
          .hasValueCloseTo(Oracle.linearCka(run, reference), ROUNDING);
      assertThat(companions.effectiveRank())
          .hasValueCloseTo(Oracle.effectiveRank(run), within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, FLOAT32", "FLOAT32, FLOAT64", "FLOAT64, FLOAT32", "FLOAT64, FLOAT64"})
  void takesEmbeddingsOfAnyFloatingType(DataType run, DataType reference) {
    double[][] space = new Spaces(5).clustered(40, 6, 4, 0.8);
    NDArray cosines = manager.ones(new Shape(40, 16));
    Rows rows = Rows.of(Spaces.float32(manager, space).toType(run, false));
    Rows other = Rows.of(Spaces.float32(manager, space).toType(reference, false));
    try (CompanionGauge gauge = CompanionGauge.of(cosines, Optional.of(other), Optional.empty())) {
      assertThat(gauge.measure(cosines, Optional.of(rows), Optional.empty()).linearCka())
          .hasValueCloseTo(1.0, within(1e-3));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, Double.NaN, Double.POSITIVE_INFINITY})
  void embeddingsThatAreAllTheSameOrNotFiniteHaveNone(double number) {
    double[][] space = new Spaces(6).clustered(40, 6, 4, 0.8);
    double[][] bad = new double[40][6];
    for (double[] row : bad) {
      Arrays.fill(row, number);
    }
    Companions ofRun = measure(space, bad);
    assertThat(ofRun.linearCka()).isEmpty();
    assertThat(ofRun.effectiveRank()).isEmpty();
    Companions ofReference = measure(bad, space);
    assertThat(ofReference.linearCka()).isEmpty();
    assertThat(ofReference.effectiveRank()).isPresent();
  }

  @Test
  void whatTheReferenceDoesNotHaveIsAbsent() {
    NDArray cosines = manager.randomUniform(-1, 1, new Shape(10, 16));
    NDArray embeddings = manager.randomNormal(new Shape(10, 3));
    try (CompanionGauge gauge = CompanionGauge.of(cosines, Optional.empty(), Optional.empty())) {
      Companions companions =
          gauge.measure(cosines, Optional.of(Rows.of(embeddings)), Optional.of(new long[10]));
      assertThat(companions.linearCka()).isEmpty();
      assertThat(companions.predictionAgreement()).isEmpty();
      assertThat(companions.effectiveRank()).isPresent();
      assertThat(companions.neighbourOverlap()).hasValue(1);
    }
  }

  @Test
  void comparesPredictions() {
    NDArray cosines = manager.randomUniform(-1, 1, new Shape(4, 16));
    Rows embeddings = Rows.of(manager.randomNormal(new Shape(4, 3)));
    long[] expected = {3, 1, 4, 1};
    try (CompanionGauge gauge =
        CompanionGauge.of(cosines, Optional.empty(), Optional.of(expected))) {
      assertThat(
              gauge
                  .measure(cosines, Optional.of(embeddings), Optional.of(new long[] {3, 1, 4, 2}))
                  .predictionAgreement())
          .isEqualTo(OptionalDouble.of(0.75));
    }
  }

  @Test
  void aZeroEmbeddingHasNoNeighboursAndASingleAnchorHasNoOverlap() {
    NDArray cosines = manager.randomUniform(0.1f, 1, new Shape(4, 16));
    NDArray partly = cosines.duplicate();
    partly.get(0).muli(0);
    NDArray embeddings = manager.randomNormal(new Shape(4, 3));
    assertThat(measure(cosines, partly, embeddings).neighbourOverlap()).hasValue(0.75);
    NDArray single = manager.ones(new Shape(4, 1));
    assertThat(measure(single, single, embeddings).neighbourOverlap()).isEmpty();
  }

  @Test
  void whatIsNotOfTheSameProbesIsNamed() {
    NDArray cosines = manager.ones(new Shape(10, 16));
    Rows nine = Rows.of(manager.ones(new Shape(9, 3)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompanionGauge.of(cosines, Optional.of(nine), Optional.empty()))
        .withMessage("the reference's embeddings must be of the 10 probes, but are of 9");
    try (CompanionGauge gauge = CompanionGauge.of(cosines, Optional.empty(), Optional.empty())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gauge.measure(cosines, Optional.of(nine), Optional.empty()))
          .withMessage("the run's embeddings must be of the 10 probes, but are of 9");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  gauge.measure(
                      manager.ones(new Shape(9, 16)), Optional.of(nine), Optional.empty()))
          .withMessage(
              "the reference has (10, 16) cosines of probes to anchors, but the run has (9, 16)");
    }
  }

  @Test
  void leavesNoArraysBehind() {
    NDArray cosines = manager.randomUniform(-1, 1, new Shape(20, 16));
    NDArray wide = manager.randomNormal(new Shape(20, 64));
    try (CompanionGauge gauge =
        CompanionGauge.of(cosines, Optional.of(Rows.of(wide)), Optional.empty())) {
      gauge.measure(cosines, Optional.of(Rows.of(wide)), Optional.empty());
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        gauge.measure(cosines, Optional.of(Rows.of(wide)), Optional.empty());
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  private Companions measure(double[][] reference, double[][] run) {
    NDArray cosines = manager.ones(new Shape(run.length, 16));
    try (CompanionGauge gauge =
        CompanionGauge.of(
            cosines, Optional.of(Rows.of(Spaces.float32(manager, reference))), Optional.empty())) {
      return gauge.measure(
          cosines, Optional.of(Rows.of(Spaces.float32(manager, run))), Optional.empty());
    }
  }

  private static Companions measure(NDArray reference, NDArray run, NDArray embeddings) {
    try (CompanionGauge gauge = CompanionGauge.of(reference, Optional.empty(), Optional.empty())) {
      return gauge.measure(run, Optional.of(Rows.of(embeddings)), Optional.empty());
    }
  }

  private Rows inBatches(double[][] matrix, long size) {
    Rows rows = Rows.of(Spaces.float32(manager, matrix));
    return new Rows() {
      @Override
      public long count() {
        return rows.count();
      }

      @Override
      public long dimensions() {
        return rows.dimensions();
      }

      @Override
      public NDArray read(Range range, NDManager target) {
        assertThat(range.to() - range.from()).isLessThanOrEqualTo(size);
        return rows.read(range, target);
      }

      @Override
      public long batchSize() {
        return size;
      }
    };
  }

  private static double[][] moved(double[][] rows, double offset) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(x -> x + offset).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] rounded(double[][] rows) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(x -> (double) (float) x).toArray())
        .toArray(double[][]::new);
  }
}
