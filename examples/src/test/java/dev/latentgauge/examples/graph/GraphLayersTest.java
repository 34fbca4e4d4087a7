package dev.latentgauge.examples.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graph layers against their formulas, written out in double precision. */
class GraphLayersTest {

  private static final int N = 7;
  private static final int D = 4;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray x = manager.randomNormal(new Shape(N, D));
  private final NDArray initial = manager.randomNormal(new Shape(N, D));
  private final NDArray links =
      manager
          .randomNormal(new Shape(N, N))
          .mul(manager.randomUniform(0, 1, new Shape(N, N)).lt(.4));

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void gcn2MixesNeighboursInitialAndWeights() {
    int l = 3;
    Block layer = initialized(new Gcn2Layer(l));
    double[][] w = matrix(parameter(layer, "weight"));
    double beta = Math.log(0.5 / l + 1);
    double[][] h =
        combined(product(matrix(links), matrix(x)), matrix(initial), (a, b) -> 0.9 * a + 0.1 * b);
    double[][] expected =
        combined(h, product(h, transposed(w)), (a, b) -> (1 - beta) * a + beta * b);
    assertClose(forward(layer, links, false), expected);
  }

  @Test
  void ginAddsNeighboursToTheNode() {
    Block layer = initialized(new GinLayer(D));
    double[][] w = matrix(parameter(layer, "weight"));
    double[][] sum = combined(matrix(x), product(matrix(links), matrix(x)), Double::sum);
    // The bias starts at zero.
    assertClose(forward(layer, links, false), product(sum, transposed(w)));
  }

  @Test
  void gcnPropagatesALinearMap() {
    Block layer = new SparseLinear(5);
    layer.initialize(manager, DataType.FLOAT32, x.getShape(), links.getShape());
    double[][] w = matrix(parameter(layer, "weight"));
    NDArray answer =
        layer
            .forward(new ParameterStore(manager, false), new NDList(x, sparse(links)), false)
            .singletonOrThrow();
    assertClose(answer, product(matrix(links), product(matrix(x), w)));
  }

  @Test
  void aLayerOfGcnIgnoresTheInitialNodes() {
    Block layer = initialized(new GcnLayer(D));
    double[][] w = matrix(parameter(layer, "weight"));
    assertClose(forward(layer, links, false), product(matrix(links), product(matrix(x), w)));
  }

  static Stream<Block> layers() {
    return Stream.of(new Gcn2Layer(1), new GinLayer(D), new GcnLayer(D));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientsThroughSparseLinksAreThoseThroughDenseOnes(Block layer) {
    initialized(layer);
    List<float[]> dense = gradients(layer, links);
    List<float[]> sparse = gradients(layer, sparse(links));
    assertThat(dense).hasSizeGreaterThan(1);
    for (int i = 0; i < dense.size(); i++) {
      assertThat(sparse.get(i)).containsExactly(dense.get(i), within(1e-4f));
      assertThat(dense.get(i)).isNotEqualTo(new float[dense.get(i).length]);
    }
  }

  /** The gradients of a sum of squares by the input and all parameters. */
  private List<float[]> gradients(Block layer, NDArray propagation) {
    List<NDArray> variables = new ArrayList<>(List.of(x));
    layer.getParameters().values().stream().map(Parameter::getArray).forEach(variables::add);
    variables.forEach(variable -> variable.setRequiresGradient(true));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = forward(layer, propagation, true).square().sum();
      collectGarbage();
      collector.backward(loss);
    }
    List<float[]> gradients = new ArrayList<>();
    for (NDArray variable : variables) {
      NDArray gradient = variable.getGradient();
      gradients.add(gradient.toFloatArray());
      gradient.subi(gradient);
    }
    return gradients;
  }

  /** What the backward pass reads must still be there. */
  private void collectGarbage() {
    System.gc();
    for (int i = 0; i < 1000; i++) {
      manager.create(Float.NaN).close();
    }
  }

  private Block initialized(Block layer) {
    layer.initialize(manager, DataType.FLOAT32, x.getShape(), x.getShape(), links.getShape());
    return layer;
  }

  private NDArray forward(Block layer, NDArray propagation, boolean training) {
    NDList inputs = new NDList(x, initial, propagation);
    return layer.forward(new ParameterStore(manager, false), inputs, training).singletonOrThrow();
  }

  private static NDArray sparse(NDArray dense) {
    return dense.toSparse(SparseFormat.COO);
  }

  private static NDArray parameter(Block layer, String name) {
    return layer.getParameters().values().stream()
        .filter(parameter -> parameter.getName().equals(name))
        .map(Parameter::getArray)
        .findFirst()
        .orElseThrow();
  }

  private static double[][] matrix(NDArray array) {
    int columns = (int) array.getShape().get(1);
    double[][] matrix = new double[(int) array.getShape().get(0)][columns];
    float[] values = array.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      matrix[i / columns][i % columns] = values[i];
    }
    return matrix;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int m = 0; m < b.length; m++) {
          product[i][j] += a[i][m] * b[m][j];
        }
      }
    }
    return product;
  }

  private static double[][] transposed(double[][] a) {
    double[][] transposed = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        transposed[j][i] = a[i][j];
      }
    }
    return transposed;
  }

  private static double[][] combined(double[][] a, double[][] b, DoubleBinaryOperator operator) {
    double[][] combined = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        combined[i][j] = operator.applyAsDouble(a[i][j], b[i][j]);
      }
    }
    return combined;
  }

  private static void assertClose(NDArray answer, double[][] expected) {
    double[][] values = matrix(answer);
    assertThat(values).hasDimensions(expected.length, expected[0].length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i]).containsExactly(expected[i], within(1e-5));
    }
  }
}
