package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that compute in another type than the inputs of the probe set have. */
class NumberTypeTest {

  private static final int ANCHORS = 20;
  private static final int PROBES = 300;
  private static final Layer LAYER = Layer.named("03Linear");

  private final NDManager manager = NDManager.newBaseManager();
  private final ProbeSet probes = probes();

  @AfterEach
  void close() {
    probes.close();
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 0.01", "FLOAT64, 0.0001"})
  void aModelInAnyFloatingTypeScoresAsItDoesIn32Bits(DataType type, double tolerance) {
    Block full = network();
    full.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    Block other = network();
    other.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    Gauge gauge = gauge(embed(full));
    double expected = score(gauge, embed(other));
    assertThat(expected).isLessThan(0.99);

    Block same = inType(full, type);
    Block cast = inType(other, type);

    assertThat(embed(same).probes().getDataType()).isEqualTo(type);
    assertThat(score(gauge, embed(same))).isCloseTo(1, within(tolerance));
    assertThat(score(gauge, embed(cast))).isCloseTo(expected, within(tolerance));
  }

  @Test
  void theInputsOfAModelIn32BitsAndOfOneWithoutParametersAreLeftAsTheyAre() {
    List<DataType> seen = new ArrayList<>();
    Block full = new SequentialBlock().add(seeing(seen)).add(network());
    full.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    seen.clear();
    for (Block block :
        List.of(
            full,
            new SequentialBlock().add(seeing(seen)).add(network()),
            new SequentialBlock().add(seeing(seen)))) {
      embed(block, Layer.named("01LambdaBlock"));
    }

    // Two batches of each of three models.
    assertThat(seen).hasSize(3 * 2).containsOnly(DataType.FLOAT32);
  }

  @Test
  void onlyNumbersWithAPointAreCastAndSparseOnesStaySparse() {
    NDArray features = manager.randomNormal(new Shape(6, 8));
    NDArray edges = manager.eye(6).toSparse(SparseFormat.COO);
    NDArray nodes = manager.arange(6).toType(DataType.INT64, true);
    Block half =
        new SequentialBlock()
            .add(
                new LambdaBlock(
                    in -> {
                      assertThat(in.get(0).getDataType()).isEqualTo(DataType.FLOAT64);
                      assertThat(in.get(1).getDataType()).isEqualTo(DataType.FLOAT64);
                      assertThat(in.get(1).isSparse()).isTrue();
                      assertThat(in.get(2).getDataType()).isEqualTo(DataType.INT64);
                      return new NDList(in.get(1).matMul(in.get(0)));
                    }))
            .add(inType(initialized(), DataType.FLOAT64));
    int[] anchors = {0, 1};
    try (ProbeSet graph =
            ProbeSet.rows(new NDList(features, edges, nodes), anchors, new int[] {2, 3, 5});
        Embedder embedder = new Embedder(graph, Layer.named("01LambdaBlock"), manager)) {
      for (int i = 0; i < 2; i++) {
        NDArray embedded = embedder.embed(half, manager).anchors();
        assertThat(embedded).isEqualTo(features.get(":2").toType(DataType.FLOAT64, true));
      }
    }
  }

  @Test
  void theMeanOverManyTokensInHalfPrecisionIsNoSumThatOverflows() {
    // 40 000 tokens of 2 and 3: the sums are beyond 65504.
    NDArray numbers =
        manager.create(new float[] {2, 3}).reshape(1, 1, 2).tile(new long[] {1, 40_000, 1});
    NDArray half = numbers.toType(DataType.FLOAT16, true);
    NDArray pixels = half.transpose(0, 2, 1).reshape(1, 2, 200, 200);

    for (NDArray output : List.of(half, pixels)) {
      NDArray mean = LAYER.pooled(output, 1);
      assertThat(mean.getDataType()).isEqualTo(DataType.FLOAT16);
      assertThat(mean.toType(DataType.FLOAT32, true).toFloatArray()).containsExactly(2, 3);
    }
  }

  private static Block seeing(List<DataType> seen) {
    return new LambdaBlock(
        in -> {
          seen.add(in.head().getDataType());
          return in;
        });
  }

  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(16).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(12).build());
  }

  private Block initialized() {
    Block block = network();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    return block;
  }

  /** A network with the same weights in another type. */
  private static Block inType(Block network, DataType type) {
    Block other = network();
    for (int i = 0; i < network.getParameters().size(); i++) {
      NDArray weights = network.getParameters().valueAt(i).getArray();
      other.getParameters().valueAt(i).setArray(weights.toType(type, true));
    }
    return other;
  }

  private Gauge gauge(Embeddings embeddings) {
    return Gauge.of(
        RelativeRepresentation.of(embeddings.anchors(), embeddings.probes()),
        Profile.parse("standardised"));
  }

  private static double score(Gauge gauge, Embeddings embeddings) {
    return ((Score) gauge.measure(embeddings.anchors(), embeddings.probes()).outcome()).value();
  }

  private Embeddings embed(Block block) {
    return embed(block, LAYER);
  }

  private Embeddings embed(Block block, Layer layer) {
    try (Embedder embedder = new Embedder(probes, layer, manager)) {
      return embedder.embed(block, manager);
    }
  }

  private ProbeSet probes() {
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS + PROBES, 8));
    return ProbeSet.of(
        new NDList(inputs.get(":" + ANCHORS)), new NDList(inputs.get(ANCHORS + ":")));
  }
}
