package dev.latentgauge.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import dev.latentgauge.relative.Seeds;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranslationTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void findsTheQuarterTurnTheScaleAndTheShift() {
    NDArray from = manager.create(new float[][] {{0, 0}, {1, 0}, {0, 1}, {2, 2}});
    // A quarter turn, twice the size, and (10, -5) further.
    NDArray to = manager.create(new float[][] {{10, -5}, {10, -3}, {8, -5}, {6, -1}});

    Translation translation = Translation.orthogonal(from, to);

    assertThat(translation.of(manager.create(new float[][] {{3, 1}})).toFloatArray())
        .containsExactly(new float[] {8, 1}, within(1e-5f));
  }

  @Seeds
  void anOrthogonalTranslationBringsBackWhatWasTurnedOrReflected(long seed) {
    seed(seed);
    NDArray from = normal(40, 8);
    NDArray turn = PolarFactor.of(normal(8, 8));
    NDArray to = from.matMul(turn).mul(0.3).add(normal(1, 8));
    NDArray others = normal(10, 8);
    NDArray mean = to.mean(new int[] {0}, true);
    NDArray expected = others.sub(from.mean(new int[] {0}, true)).matMul(turn).mul(0.3).add(mean);

    NDArray translated = Translation.orthogonal(from, to).of(others);

    assertThat(translated.allClose(expected, 1e-9, 1e-9, false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-100, 1, 1e100})
  void theScaleOfASpaceDoesNotMatter(double scale) {
    NDArray from = normal(40, 8);
    NDArray to = from.matMul(PolarFactor.of(normal(8, 8)));
    NDArray scaled = from.mul(scale);

    NDArray translated = Translation.orthogonal(scaled, to.mul(scale)).of(scaled).div(scale);

    assertThat(translated.allClose(to, 1e-8, 1e-8, false)).isTrue();
  }

  /**
   * What defines it: it is orthogonal, and what is left of the matrix is symmetric, not negative.
   */
  @Seeds
  void thePolarFactorIsOrthogonalAndLeavesASymmetricMatrix(long seed) {
    seed(seed);
    int rows = 1 + (int) (seed % 7);
    int columns = 1 + (int) (seed % 5);
    NDArray matrix = normal(rows, columns).mul(Math.pow(10, (int) seed % 9 - 4));

    NDArray factor = PolarFactor.of(matrix);

    NDArray gram =
        rows <= columns ? factor.matMul(factor.transpose()) : factor.transpose().matMul(factor);
    assertThat(gram.allClose(manager.eye(Math.min(rows, columns)).toType(DataType.FLOAT64, false)))
        .isTrue();
    NDArray left =
        rows <= columns ? matrix.matMul(factor.transpose()) : factor.transpose().matMul(matrix);
    NDArray scaled = left.div(matrix.abs().max());
    assertThat(scaled.allClose(scaled.transpose(), 1e-8, 1e-8, false)).isTrue();
    NDArray direction = normal(1, Math.min(rows, columns));
    assertThat(direction.matMul(scaled).matMul(direction.transpose()).toDoubleArray()[0])
        .isGreaterThan(-1e-9);
  }

  @Test
  void thePolarFactorDropsDirectionsThatNoDataHaveShown() {
    NDArray matrix = manager.create(new double[][] {{5, 0, 0}, {0, 1e-4, 0}, {0, 0, 0}});

    assertThat(PolarFactor.of(matrix).toDoubleArray())
        .containsExactly(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 0}, within(1e-9));
  }

  @Test
  void aSpaceOfFewerDimensionsIsTakenIntoOneOfMoreAndBack() {
    NDArray from = normal(30, 3);
    NDArray turn = PolarFactor.of(normal(3, 7));
    NDArray to = from.matMul(turn);

    NDArray there = Translation.orthogonal(from, to).of(from);
    assertThat(there.allClose(to, 1e-9, 1e-9, false)).isTrue();
    assertThat(Translation.orthogonal(to, from).of(there).allClose(from, 1e-9, 1e-9, false))
        .isTrue();
  }

  @Seeds
  void leastSquaresFindAnAffineMap(long seed) {
    seed(seed);
    NDArray from = normal(30, 4);
    NDArray map = normal(4, 6);
    NDArray shift = normal(1, 6);

    Translation translation = Translation.leastSquares(from, from.matMul(map).add(shift), 1e-9);

    NDArray others = normal(5, 4);
    NDArray expected = others.matMul(map).add(shift);
    assertThat(translation.of(others).allClose(expected, 1e-6, 1e-6, false)).isTrue();
  }

  @Test
  void aRidgeAsLargeAsTheVarianceHalvesTheSlope() {
    NDArray from = manager.create(new float[][] {{-1}, {1}});
    NDArray to = manager.create(new float[][] {{-6}, {6}});

    Translation translation = Translation.leastSquares(from, to, 1);

    assertThat(translation.of(manager.create(new float[][] {{1}})).toFloatArray()[0])
        .isEqualTo(3, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void answersInTheTypeOfTheTargetOrWider(DataType type) {
    NDArray from = manager.randomNormal(new Shape(9, 3));
    NDArray to = manager.randomNormal(new Shape(9, 2)).toType(type, false);

    DataType answered = Translation.orthogonal(from, to).of(from).getDataType();

    assertThat(answered).isEqualTo(type == DataType.FLOAT64 ? type : DataType.FLOAT32);
  }

  @Test
  void isSavedAndLoadedWithTheModel(@TempDir Path folder) throws Exception {
    NDArray from = manager.randomNormal(new Shape(9, 3));
    NDArray to = manager.randomNormal(new Shape(9, 2));
    float[] expected;
    try (Model model = Model.newInstance("translated")) {
      model.setBlock(stitched(Translation.orthogonal(from, to)));
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, from.getShape());
      expected = forward(model, from);
      model.save(folder, "translated");
    }
    try (Model model = Model.newInstance("translated")) {
      model.setBlock(stitched(Translation.unknown()));
      model.load(folder, "translated");
      assertThat(forward(model, from)).isEqualTo(expected);
    }
    Translation unknown = Translation.unknown();
    assertThatIllegalStateException()
        .isThrownBy(() -> unknown.initialize(manager, DataType.FLOAT32, new Shape(1, 3)))
        .withMessageContaining("must be found or loaded");
  }

  @Test
  void saysWhatIsWrongWithTheAnchors() {
    NDArray good = manager.randomNormal(new Shape(4, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.orthogonal(good, manager.randomNormal(new Shape(5, 3))))
        .withMessageContaining("parallel")
        .withMessageContaining("4 and 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.orthogonal(manager.ones(new Shape(4, 3)), good))
        .withMessageContaining("the embeddings that are translated")
        .withMessageContaining("differ from anchor to anchor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.orthogonal(good, good.log()))
        .withMessageContaining("their counterparts must be finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.leastSquares(good, manager.create(new long[] {1}), 1))
        .withMessageContaining("matrix of floating-point numbers");
    NDArray one = manager.create(new float[][] {{1}, {-1}, {1}, {-1}});
    NDArray another = manager.create(new float[][] {{1}, {1}, {-1}, {-1}});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.orthogonal(one, another))
        .withMessageContaining("uncorrelated");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Translation.leastSquares(good, good, 0))
        .withMessageContaining("from 1.0E-12 to 1000, but is 0");
  }

  @Test
  void keepsNothingButTheMap() {
    NDArray from = manager.randomNormal(new Shape(9, 3));
    NDArray to = manager.randomNormal(new Shape(9, 2));
    int before = manager.getManagedArrays().size();

    Translation.orthogonal(from, to);
    Translation.leastSquares(from, to, 0.1);

    assertThat(manager.getManagedArrays()).hasSize(before + 4);
  }

  private static SequentialBlock stitched(Translation translation) {
    return new SequentialBlock().add(translation).add(Linear.builder().setUnits(2).build());
  }

  private static float[] forward(Model model, NDArray inputs) {
    ParameterStore parameters = new ParameterStore(inputs.getManager(), false);
    return model.getBlock().forward(parameters, new NDList(inputs), false).head().toFloatArray();
  }

  private void seed(long seed) {
    manager.getEngine().setRandomSeed((int) seed);
  }

  private NDArray normal(int rows, int columns) {
    return manager.randomNormal(new Shape(rows, columns), DataType.FLOAT64);
  }
}
