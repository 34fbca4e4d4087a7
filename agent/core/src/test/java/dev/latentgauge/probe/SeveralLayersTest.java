package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.CountedModule;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several layers in one pass. */
class SeveralLayersTest {

  private static final int ANCHORS = 100;
  private static final int PROBES = 450;
  private static final int BATCHES = 3;
  private static final Layer WHOLE =
      Layer.computed(
          "whole", (block, parameters, inputs) -> block.forward(parameters, inputs, false).head());

  private final NDManager manager = NDManager.newBaseManager();
  private final ProbeSet probes = probes();
  private final CountedBlock first = linear(6);
  private final CountedBlock activation = new CountedBlock(Activation.reluBlock());
  private final CountedBlock second = linear(5);
  private final CountedBlock left = linear(4);
  private final CountedBlock leftAfter = linear(4);
  private final CountedBlock right = linear(4);
  private final CountedBlock last = linear(2);
  private final List<CountedBlock> all =
      List.of(first, activation, second, left, leftAfter, right, last);

  /** 01 encoder of three, 02 parallel of a sequential block and a block, 03 last. */
  private final SequentialBlock network =
      initialized(
          new SequentialBlock()
              .add(new SequentialBlock().add(first).add(activation).add(second))
              .add(
                  new ParallelBlock(
                      SeveralLayersTest::sum,
                      List.of(new SequentialBlock().add(left).add(leftAfter), right)))
              .add(last));

  @AfterEach
  void close() {
    probes.close();
    manager.close();
  }

  @Test
  void onePassRunsEveryBlockOnceAndNoneAfterTheLastLayer() {
    assertEqualToSinglePasses(
        "01SequentialBlock",
        "01SequentialBlock.01CountedBlock",
        "01SequentialBlock.03CountedBlock",
        "SequentialBlock.02CountedBlock",
        "SequentialBlock");
    assertRuns(1, first, activation, second);
    assertRuns(0, left, leftAfter, right, last);
  }

  @Test
  void aBlockAfterOneWithLayersInsideIsRunOnTheOutputsThatAreThere() {
    assertEqualToSinglePasses(
        "03CountedBlock", "SequentialBlock.01CountedBlock", "02ParallelBlock");
    assertRuns(1, all.toArray(CountedBlock[]::new));
  }

  @Test
  void aBranchIsRunForItselfUpToItsLastLayer() {
    assertEqualToSinglePasses(
        "ParallelBlock.SequentialBlock.01CountedBlock", "01SequentialBlock.02CountedBlock");
    assertRuns(1, first, activation, second, left);
    assertRuns(0, leftAfter, right, last);
  }

  @Test
  void aParallelBlockIsRunOnceMoreOnlyIfSomethingAfterItIsNeeded() {
    assertEqualToSinglePasses(
        "ParallelBlock.SequentialBlock.01CountedBlock",
        "ParallelBlock.SequentialBlock",
        "ParallelBlock.02CountedBlock");
    assertRuns(1, first, activation, second, left, leftAfter, right);
    assertRuns(0, last);

    assertEqualToSinglePasses("ParallelBlock.SequentialBlock.01CountedBlock", "03CountedBlock");
    assertRuns(1, first, activation, second, leftAfter, right, last);
    assertRuns(2, left);
  }

  @Test
  void theSameLayerMayBeThereTwice() {
    List<EmbeddedLayer> embedded =
        assertEqualToSinglePasses("SequentialBlock", "SequentialBlock", "01SequentialBlock");
    assertRuns(1, first, activation, second);
    assertThat(embedded.get(0).orThrow().probes()).isNotSameAs(embedded.get(1).orThrow().probes());
  }

  @Test
  void aLayerByAFunctionHasARunOfItsOwn() {
    assertEqualToSinglePasses(network, Layer.named("01SequentialBlock"), WHOLE, WHOLE);
    assertRuns(3, first, activation, second);
    assertRuns(2, left, leftAfter, right, last);
  }

  @Test
  void aSequentialBlockMayAnswerAllOutputsOfItsChildren() {
    SequentialBlock inside = new SequentialBlock().add(linear(6)).add(linear(3));
    inside.setReturnIntermediate(true);
    Block two = initialized(new SequentialBlock().add(inside).add(in -> new NDList(in.get(1))));

    assertEqualToSinglePasses(two, named("01SequentialBlock.02CountedBlock", "01SequentialBlock"));
    List<EmbeddedLayer> embedded =
        assertEqualToSinglePasses(two, named("01SequentialBlock.02CountedBlock", "02LambdaBlock"));
    assertThat(embedded.get(1).orThrow().probes()).isEqualTo(embedded.get(0).orThrow().probes());
  }

  @Test
  void aSubclassOfASequentialBlockDoesWithItsChildrenWhatItWants() {
    CountedBlock inner = linear(4);
    Block residual = new Residual().add(inner);
    CountedBlock after = linear(3);
    Block network = initialized(new SequentialBlock().add(residual).add(after));

    assertEqualToSinglePasses(
        network, named("01Residual", "01Residual.01CountedBlock", "02CountedBlock"));
    assertThat(inner.runs()).isEqualTo(2 * BATCHES);
    assertThat(after.runs()).isEqualTo(BATCHES);
  }

  @Test
  void aBlockMayWriteIntoItsInput() {
    Block network =
        initialized(
            new SequentialBlock()
                .add(in -> new NDList(in.head().muli(3)))
                .add(linear(4))
                .add(in -> new NDList(in.head().addi(100))));
    Layer[] layers =
        Stream.concat(
                Stream.of(WHOLE),
                Arrays.stream(named("01LambdaBlock", "02CountedBlock", "03LambdaBlock")))
            .toArray(Layer[]::new);

    List<EmbeddedLayer> embedded = assertEqualToSinglePasses(network, layers);

    NDArray tripled = probes.probes().head().mul(3);
    assertThat(embedded.get(1).orThrow().probes()).isEqualTo(tripled);
  }

  @Test
  void whatOneLayerFailsWithCostsTheOthersNothing() {
    Block integers =
        new SequentialBlock()
            .add(linear(4))
            .add(in -> new NDList(in.head().toType(DataType.INT32, true)))
            .add(in -> new NDList(in.head().toType(DataType.FLOAT32, true)));
    Layer broken =
        Layer.computed(
            "broken",
            (block, parameters, inputs) -> {
              throw new UnsupportedOperationException("no");
            });
    Layer[] layers = {
      Layer.named("nowhere"),
      Layer.named("02LambdaBlock"),
      broken,
      Layer.named("03LambdaBlock"),
      Layer.named("CountedBlock")
    };

    List<EmbeddedLayer> embedded = embed(initialized(integers), layers);

    assertThat(embedded).extracting(EmbeddedLayer::layer).containsExactly(layers);
    assertThat(failure(embedded.get(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the model has no layer \"nowhere\"");
    assertThat(failure(embedded.get(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must answer floating-point numbers");
    assertThat(failure(embedded.get(2))).isInstanceOf(UnsupportedOperationException.class);
    assertThat(embedded.get(3).orThrow().probes().getShape()).isEqualTo(new Shape(PROBES, 4));
    assertThat(embedded.get(4).orThrow().anchors().getShape()).isEqualTo(new Shape(ANCHORS, 4));
    assertThatThrownBy(() -> embedded.get(2).orThrow()).isSameAs(failure(embedded.get(2)));
  }

  @Test
  void aBlockThatFailsCostsTheLayersAfterItTheirEmbeddings() {
    RuntimeException failure = new IllegalStateException("broken");
    boolean[] breaks = {false};
    Block broken =
        new LambdaBlock(
            in -> {
              if (breaks[0]) {
                throw failure;
              }
              return in;
            });
    Block branches =
        new ParallelBlock(
            SeveralLayersTest::sum,
            List.of(new SequentialBlock().add(linear(4)).add(broken), linear(4)));
    Block network = initialized(new SequentialBlock().add(linear(4)).add(branches).add(linear(2)));
    breaks[0] = true;

    List<EmbeddedLayer> embedded =
        embed(
            network,
            named(
                "01CountedBlock",
                "ParallelBlock.SequentialBlock.CountedBlock",
                "ParallelBlock.SequentialBlock",
                "ParallelBlock.CountedBlock",
                "ParallelBlock",
                "03CountedBlock"));

    for (int fine : new int[] {0, 1, 3}) {
      assertThat(embedded.get(fine)).isInstanceOf(EmbeddedLayer.Embedded.class);
    }
    for (int failed : new int[] {2, 4, 5}) {
      assertThat(failure(embedded.get(failed))).isSameAs(failure);
    }
  }

  @Test
  void aLayerThatFailsInALaterBatchHasNoEmbeddings() {
    int[] batches = {0};
    Layer late =
        Layer.computed(
            "late",
            (block, parameters, inputs) -> {
              if (++batches[0] == 2) {
                throw new IllegalStateException("in the second batch");
              }
              return inputs.head();
            });

    List<EmbeddedLayer> embedded = embed(network, late, Layer.named("SequentialBlock"));

    assertThat(failure(embedded.get(0))).hasMessage("in the second batch");
    assertThat(batches[0]).isEqualTo(2);
    assertThat(embedded.get(1).orThrow().probes().getShape()).isEqualTo(new Shape(PROBES, 5));
  }

  @Test
  void whereMemoryDoesNotSufficeThePassFails() {
    Block greedy =
        initialized(new SequentialBlock().add(linear(4)))
            .add(in -> new NDList(in.getManager().zeros(new Shape(1L << 50))));

    try (NDManager target = manager.newSubManager();
        Embedder embedder =
            new Embedder(probes, List.of(named("01CountedBlock", "02LambdaBlock")), manager)) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> embedder.embedAll(greedy, target));
      assertThat(target.getManagedArrays()).isEmpty();
    }
  }

  @Test
  void leavesNothingBehindButTheEmbeddings() {
    Layer[] layers =
        named("01SequentialBlock", "nowhere", "03CountedBlock", "ParallelBlock.02CountedBlock");
    try (NDManager target = manager.newSubManager();
        Embedder embedder = new Embedder(probes, List.of(layers), manager)) {
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 3; i++) {
        embedder.embedAll(network, target);
      }
      assertThat(target.getManagedArrays()).hasSize(3 * 3 * 2);
      assertThat(manager.getManagedArrays()).hasSize(before + 3 * 3 * 2);
    }
  }

  @Test
  void rowsOfOneInputAreEmbeddedInOneRun() {
    NDList input = new NDList(manager.randomNormal(new Shape(40, 4)));
    Layer[] layers =
        named(
            "01SequentialBlock.02CountedBlock",
            "nowhere",
            "03CountedBlock",
            "01SequentialBlock",
            "ParallelBlock.02CountedBlock");
    try (ProbeSet rows = ProbeSet.rows(input, new int[] {3, 39}, new int[] {1, 2, 30});
        Embedder embedder = new Embedder(rows, List.of(layers), manager)) {
      all.forEach(CountedBlock::reset);
      List<EmbeddedLayer> embedded = embedder.embedAll(network, manager);
      assertThat(first.runs()).isEqualTo(1);
      assertThat(last.runs()).isEqualTo(1);
      assertThat(failure(embedded.get(1))).hasMessageContaining("nowhere");
      for (int i : new int[] {0, 2, 3, 4}) {
        assertSame(embedded.get(i), alone(rows, network, layers[i]));
      }
    }
  }

  @Test
  void aTorchScriptModuleIsCopiedOnceAPassForAllLayersAndBatches()
      throws IOException, MalformedModelException {
    CountedModule module =
        CountedModule.load(Path.of("../monitor/src/test/resources/torchscript/traced.pt"), manager);
    CountedBlock before = linear(10);
    CountedBlock after = linear(2);
    after.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    Block network =
        new SequentialBlock()
            .add(new SequentialBlock().add(initialized(before)).add(module))
            .add(after);
    Layer[] layers =
        named("01SequentialBlock.01CountedBlock", "01SequentialBlock", "02CountedBlock");

    List<EmbeddedLayer> embedded = embed(network, layers);

    assertThat(module.copies()).isEqualTo(1);
    assertRuns(1, before, after);
    for (int i = 0; i < layers.length; i++) {
      assertSame(embedded.get(i), alone(probes, network, layers[i]));
    }
    assertThat(embed(network, WHOLE, WHOLE, layers[1]))
        .allMatch(layer -> layer instanceof EmbeddedLayer.Embedded);
  }

  @Test
  void oneLayerAloneIsAskedForByEmbed() {
    try (Embedder embedder = new Embedder(probes, List.of(WHOLE, WHOLE), manager)) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> embedder.embed(network, manager))
          .withMessage(
              "embed must be called with one layer, but there are 2, which embedAll embeds with");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Embedder(probes, List.of(), manager))
        .withMessage("there must be at least one layer, but there is none");
  }

  private List<EmbeddedLayer> assertEqualToSinglePasses(String... paths) {
    return assertEqualToSinglePasses(network, named(paths));
  }

  /**
   * Runs the single passes first, so that blocks have counted the runs of the common pass alone.
   */
  private List<EmbeddedLayer> assertEqualToSinglePasses(Block block, Layer... layers) {
    List<Embeddings> alone =
        Arrays.stream(layers).map(layer -> alone(probes, block, layer)).toList();
    counted(block).forEach(CountedBlock::reset);
    List<EmbeddedLayer> embedded = embed(block, layers);
    assertThat(embedded).extracting(EmbeddedLayer::layer).containsExactly(layers);
    for (int i = 0; i < layers.length; i++) {
      assertSame(embedded.get(i), alone.get(i));
    }
    return embedded;
  }

  private static Stream<CountedBlock> counted(Block block) {
    Stream<CountedBlock> inside =
        block.getChildren().values().stream().flatMap(SeveralLayersTest::counted);
    return block instanceof CountedBlock itself ? Stream.concat(Stream.of(itself), inside) : inside;
  }

  private static void assertSame(EmbeddedLayer embedded, Embeddings alone) {
    assertThat(embedded.orThrow().anchors().toByteArray()).isEqualTo(alone.anchors().toByteArray());
    assertThat(embedded.orThrow().probes().toByteArray()).isEqualTo(alone.probes().toByteArray());
  }

  private static void assertRuns(int times, CountedBlock... blocks) {
    assertThat(blocks).extracting(CountedBlock::runs).containsOnly(times * BATCHES);
  }

  private static RuntimeException failure(EmbeddedLayer embedded) {
    return ((EmbeddedLayer.Failed) embedded).failure();
  }

  private Embeddings alone(ProbeSet set, Block block, Layer layer) {
    try (Embedder embedder = new Embedder(set, layer, manager)) {
      return embedder.embed(block, manager);
    }
  }

  private List<EmbeddedLayer> embed(Block block, Layer... layers) {
    try (Embedder embedder = new Embedder(probes, List.of(layers), manager)) {
      return embedder.embedAll(block, manager);
    }
  }

  private static Layer[] named(String... paths) {
    return Arrays.stream(paths).map(Layer::named).toArray(Layer[]::new);
  }

  private static CountedBlock linear(int units) {
    return new CountedBlock(Linear.builder().setUnits(units).build());
  }

  private <B extends Block> B initialized(B block) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  private static NDList sum(List<NDList> outputs) {
    return new NDList(outputs.get(0).head().add(outputs.get(1).head()));
  }

  private ProbeSet probes() {
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS + PROBES, 4));
    return ProbeSet.of(
        new NDList(inputs.get(":" + ANCHORS)), new NDList(inputs.get(ANCHORS + ":")));
  }

  /** Adds its input to the output of its children. */
  private static final class Residual extends SequentialBlock {

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDList output = super.forwardInternal(parameters, inputs, training, options);
      return new NDList(output.head().add(inputs.head()));
    }
  }
}
