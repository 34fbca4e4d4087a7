package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
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
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedderTest {

  private static final int ANCHORS = 100;
  private static final int PROBES = 450;

  private static final Layer WHOLE =
      Layer.computed(
          "whole", (block, parameters, inputs) -> block.forward(parameters, inputs, false).head());

  private final NDManager manager = NDManager.newBaseManager();
  private final ProbeSet probes = probes();
  private final Block encoder =
      new SequentialBlock()
          .add(Linear.builder().setUnits(6).build())
          .add(BatchNorm.builder().build())
          .add(Activation::relu)
          .add(Dropout.builder().optRate(0.5f).build())
          .add(Linear.builder().setUnits(3).build());
  private final SequentialBlock network =
      new SequentialBlock()
          .add(encoder)
          .add(
              new ParallelBlock(
                  outputs -> new NDList(outputs.get(0).head().add(outputs.get(1).head())),
                  List.of(
                      Linear.builder().setUnits(2).build(), Linear.builder().setUnits(2).build())));

  @BeforeEach
  void initialize() {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
  }

  @AfterEach
  void close() {
    probes.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01SequentialBlock", "SequentialBlock", "01SequentialBlock.05Linear"})
  void embedsWithTheLayerInEvaluationMode(String path) {
    NDArray expected = encoder.forward(store(), new NDList(allInputs()), false).head();

    Embeddings embeddings = embed(Layer.named(path));

    assertThat(embeddings.anchors().getShape()).isEqualTo(new Shape(ANCHORS, 3));
    assertThat(embeddings.probes().getShape()).isEqualTo(new Shape(PROBES, 3));
    assertThat(embeddings.anchors().concat(embeddings.probes()).allClose(expected)).isTrue();
  }

  @Test
  void aBranchOfAParallelBlockGetsTheInputOfTheWholeBlock() {
    NDList hidden = encoder.forward(store(), new NDList(allInputs()), false);
    Block second = network.getChildren().valueAt(1).getChildren().valueAt(1);
    NDArray expected = second.forward(store(), hidden, false).head();

    Embeddings embeddings = embed(Layer.named("ParallelBlock.02Linear"));

    assertThat(embeddings.anchors().concat(embeddings.probes()).allClose(expected)).isTrue();
  }

  @Test
  void aFunctionCanComputeTheEmbedding() {
    assertThat(embed(WHOLE).probes().getShape()).isEqualTo(new Shape(PROBES, 2));
  }

  @Test
  void leavesNothingBehindButTheEmbeddings() {
    try (NDManager target = manager.newSubManager();
        Embedder embedder = new Embedder(probes, Layer.named("SequentialBlock"), manager)) {
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        embedder.embed(network, target);
      }
      assertThat(target.getManagedArrays()).hasSize(10);
      assertThat(manager.getManagedArrays()).hasSize(before + 10);
    }
    assertThat(probes.probes().head().getShape()).isEqualTo(new Shape(PROBES, 4));
  }

  @Test
  void tokensAndPixelsAreAveraged() {
    assertThat(pooled(new Shape(2, 3)).getShape()).isEqualTo(new Shape(2, 3));
    assertThat(pooled(new Shape(2)).getShape()).isEqualTo(new Shape(2, 1));
    // Rows of (2 inputs, 3 tokens, 2 numbers): the mean over tokens of 0 2 4 is 2, of 1 3 5 is 3.
    assertThat(pooled(new Shape(2, 3, 2)).toFloatArray()).containsExactly(2, 3, 8, 9);
    // (2 inputs, 2 channels, 2 x 2 pixels): the mean over pixels of 0 1 2 3 is 1.5.
    assertThat(pooled(new Shape(2, 2, 2, 2)).toFloatArray())
        .containsExactly(1.5f, 5.5f, 9.5f, 13.5f);
  }

  @Test
  void anUnknownLayerListsThoseThatExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> embed(Layer.named("encoder")))
        .withMessageStartingWith(
            "the model has no layer \"encoder\" (nothing is called \"encoder\"); it has"
                + " 01SequentialBlock, 01SequentialBlock.01Linear,")
        .withMessageEndingWith(
            "02ParallelBlock, 02ParallelBlock.01Linear, 02ParallelBlock.02Linear");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> embed(Layer.named("SequentialBlock.Linear")))
        .withMessageContaining("ambiguous (several are called \"Linear\")");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> embed(Layer.named("SequentialBlock.01Linear.inside")))
        .withMessageContaining("leads into a Linear, but only sequential and parallel blocks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layer.named("a layer"))
        .withMessageStartingWith("the name of a layer must match");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sequentialBlok         | 01SequentialBlock
          01SequentialBlok       | 01SequentialBlock
          SequentialBlok.05Linear| 01SequentialBlock.05Linear, 01SequentialBlock.01Linear, 02ParallelBlock.01Linear
          ParallelBlock.linaer   | 02ParallelBlock.01Linear, 02ParallelBlock.02Linear, 01SequentialBlock.01Linear
          batchnorm              | 01SequentialBlock.02BatchNorm
          Dropuot                | 01SequentialBlock.04Dropout
          03ParallelBlock        | 02ParallelBlock
          """)
  void anUnknownLayerSuggestsThoseThatMayBeMeant(String path, String suggested) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> embed(Layer.named(path)))
        .withMessageContaining("\"); did you mean " + suggested + "? it has 01SequentialBlock, ");
  }

  @Test
  void aLayerThatDoesNotAnswerOneRowAnInputIsRefused() {
    Layer layer =
        Layer.computed("mean", (block, parameters, inputs) -> inputs.head().mean(new int[] {0}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> embed(layer))
        .withMessage("the layer mean must answer one row an input, but answers (4) for 256 inputs");
  }

  @Test
  void severalInputArraysOfDifferentTypesReachTheModelTogether() {
    // Text i has the tokens i, i+1, i+2, of which the mask hides the last if i is odd. What is
    // left sums to 3i+3, or to 2i+1.
    NDArray first = manager.arange(ANCHORS + PROBES).reshape(-1, 1);
    NDArray tokens = first.concat(first.add(1), 1).concat(first.add(2), 1);
    NDArray odd = first.mod(2).toType(DataType.FLOAT32, true);
    NDArray mask = odd.onesLike().concat(odd.onesLike(), 1).concat(odd.neg().add(1), 1);
    NDList inputs = new NDList(tokens.toType(DataType.INT64, true), mask);
    Block sums =
        new LambdaBlock(
            in -> {
              NDArray numbers = in.get(0).toType(DataType.FLOAT32, true);
              assertThat(in.get(0).getDataType()).isEqualTo(DataType.INT64);
              return new NDList(numbers.mul(in.get(1)).sum(new int[] {1}));
            });
    try (ProbeSet texts = ProbeSet.of(part(inputs, ":" + ANCHORS), part(inputs, ANCHORS + ":"));
        Embedder embedder = new Embedder(texts, WHOLE, manager)) {
      Embeddings embeddings = embedder.embed(sums, manager);
      float[] all = embeddings.anchors().concat(embeddings.probes()).flatten().toFloatArray();
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).as("text %d", i).isEqualTo(i % 2 == 0 ? 3 * i + 3 : 2 * i + 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void embeddingsKeepTheTypeOfTheModel(DataType type) {
    NDArray numbers = manager.arange(12f).reshape(2, 3, 2).toType(type, true);
    for (Shape shape : List.of(new Shape(12), new Shape(2, 6), new Shape(2, 3, 2))) {
      NDArray output = numbers.reshape(shape);
      NDArray embedding = WHOLE.pooled(output, shape.get(0));
      assertThat(embedding.getDataType()).isEqualTo(type);
      assertThat(embedding.getShape().dimension()).isEqualTo(2);
    }
  }

  @Test
  void outputsThatHaveNoDirectionAreRefused() {
    String start =
        "the layer whole must answer floating-point numbers, at least one a row, but answers ";
    assertRefused(manager.ones(new Shape(2, 3), DataType.INT64), start + "int64(2, 3)");
    assertRefused(manager.ones(new Shape(2, 3)).gt(0), start + "boolean(2, 3)");
    assertRefused(manager.create(new Shape(2, 0)), start + "float32(2, 0)");
    assertRefused(manager.create(new Shape(2, 0, 3)), start + "float32(2, 0, 3)");
    assertRefused(
        manager.create(1f),
        "the layer whole must answer one row an input, but answers () for 2 inputs");
    assertRefused(
        manager.create(new Shape(0, 3)),
        "the layer whole must answer one row an input, but answers (0, 3) for 2 inputs");
  }

  @Test
  void aModelOnAnotherDeviceIsRefused() {
    // The rule needs no second device, only a manager that would put arrays there.
    try (NDManager elsewhere = manager.newSubManager(Device.gpu(1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ForwardPass(List.of(WHOLE), network, elsewhere))
          .withMessageMatching(
              "the parameters of the model must be on gpu\\(1\\), where it is to embed, but"
                  + " \\S*Linear_weight is on [cg]pu\\(0?\\)");
    }
  }

  private void assertRefused(NDArray output, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WHOLE.pooled(output, 2))
        .withMessage(message);
  }

  private static NDList part(NDList arrays, String rows) {
    return new NDList(arrays.stream().map(array -> array.get(rows)).toList());
  }

  private Embeddings embed(Layer layer) {
    try (Embedder embedder = new Embedder(probes, layer, manager)) {
      return embedder.embed(network, manager);
    }
  }

  private NDArray pooled(Shape shape) {
    NDArray numbers = manager.arange((float) shape.size()).reshape(shape);
    return WHOLE.pooled(numbers, 2);
  }

  private NDArray allInputs() {
    return probes.anchors().head().duplicate().concat(probes.probes().head());
  }

  private ParameterStore store() {
    return new ParameterStore(manager, false);
  }

  private ProbeSet probes() {
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS + PROBES, 4));
    return ProbeSet.of(
        new NDList(inputs.get(":" + ANCHORS)), new NDList(inputs.get(ANCHORS + ":")));
  }
}
