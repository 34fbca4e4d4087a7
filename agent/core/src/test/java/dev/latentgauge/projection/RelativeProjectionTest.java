package dev.latentgauge.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.relative.FreedMemory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelativeProjectionTest {

  private static final int ANCHORS = 150;
  private static final int BATCH = 7;

  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(5);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void answersTheCosinesToItsAnchors() {
    NDArray anchors = manager.create(new float[][] {{3, 0}, {1, 1}, {0, -2}});
    NDArray relative = forward(frozen(anchors).build(manager), new float[][] {{0, 5}, {-4, 0}});

    float half = (float) Math.sqrt(0.5);
    assertThat(relative.toFloatArray())
        .containsExactly(new float[] {0, half, -1, -1, -half, 0}, within(1e-6f));
  }

  @Test
  void takesOffTheMeanOfTheAnchorsIfAsked() {
    NDArray anchors = manager.create(new float[][] {{11, 0}, {9, 0}});
    RelativeProjection projection = frozen(anchors).centred(true).build(manager);

    assertThat(forward(projection, new float[][] {{13, 0}, {10, 4}}).toFloatArray())
        .containsExactly(new float[] {1, -1, 0, 0}, within(1e-6f));
  }

  @Test
  void bringsDescriptionsToMeanZeroAndVarianceOneIfAsked() {
    NDArray anchors = manager.create(new float[][] {{1, 0}, {0, 1}, {-1, 0}, {0, -1}});
    RelativeProjection projection = frozen(anchors).normalized(true).build(manager);

    // The cosines 1, 0, -1, 0 have the mean 0 and the variance 1/2.
    float root = (float) Math.sqrt(2);
    assertThat(forward(projection, new float[][] {{8, 0}}).toFloatArray())
        .containsExactly(new float[] {root, 0, -root, 0}, within(1e-4f));
  }

  @Test
  void aRotatedRescaledAndWithCentringShiftedSpaceGivesTheSame() {
    NDArray anchors = manager.randomNormal(new Shape(20, 2));
    NDArray batch = manager.randomNormal(new Shape(BATCH, 2));
    NDArray turn = manager.create(new float[][] {{0, 3}, {-3, 0}});
    NDArray shift = manager.create(new float[] {5, -7});
    NDArray before = forward(frozen(anchors).centred(true).build(manager), batch);
    NDArray after =
        forward(
            frozen(anchors.matMul(turn).add(shift)).centred(true).build(manager),
            batch.matMul(turn).add(shift));

    assertThat(after.allClose(before, 1e-4, 1e-4, false)).isTrue();
  }

  @Test
  void embeddedAnchorsFollowTheEncoderAndFrozenOnesDoNot() {
    Block encoder = initialized(linear(3));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    RelativeProjection following = embedded(encoder, inputs).build(manager);
    RelativeProjection frozen = following.freeze(manager);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 3));

    NDArray before = forward(following, batch);
    assertThat(forward(frozen, batch).toFloatArray()).isEqualTo(before.toFloatArray());

    weight(encoder).set(new NDIndex("0"), 9f);
    assertThat(forward(frozen, batch).toFloatArray()).isEqualTo(before.toFloatArray());
    NDArray embeddings = encoder.forward(store(), new NDList(inputs), false).head();
    assertThat(forward(following, batch).toFloatArray())
        .isEqualTo(forward(frozen(embeddings).build(manager), batch).toFloatArray())
        .isNotEqualTo(before.toFloatArray());
  }

  @Test
  void anchorsMayBeRowsOfWhatComesIn() {
    NDArray nodes = manager.randomNormal(new Shape(9, 5));
    NDArray expected = forward(frozen(nodes.get("2:4")).build(manager), nodes);

    RelativeProjection projection = RelativeProjection.builder().rows(2, 3).build(manager);

    assertThat(forward(projection, nodes).toFloatArray()).isEqualTo(expected.toFloatArray());
    assertThat(projection.getOutputShapes(new Shape[] {nodes.getShape()}))
        .containsExactly(new Shape(9, 2));
    assertThatIllegalStateException()
        .isThrownBy(() -> projection.freeze(manager))
        .withMessageContaining("rows of each input cannot be frozen");
  }

  /** The slope along a direction in the weights, by a difference of values and by the gradient. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsFlowThroughAnchorsIfAsked(boolean anchorGradients) {
    Block encoder = initialized(linear(3), DataType.FLOAT64);
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4), DataType.FLOAT64);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4), DataType.FLOAT64);
    NDArray wanted = manager.randomNormal(new Shape(BATCH, ANCHORS), DataType.FLOAT64);
    RelativeProjection projection =
        embedded(encoder, inputs)
            .centred(anchorGradients)
            .normalized(true)
            .anchorGradients(anchorGradients)
            .build(manager);
    RelativeProjection unmoved = projection.freeze(manager);
    NDArray weight = weight(encoder);
    NDArray direction = manager.randomNormal(weight.getShape(), DataType.FLOAT64);

    NDArray gradient;
    try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
      NDArray error = error(encoder, projection, batch, wanted, true);
      FreedMemory.overwrite(manager);
      gradients.backward(error);
      gradient = weight.getGradient().duplicate();
    }

    Block differentiated = anchorGradients ? projection : unmoved;
    double step = 1e-5;
    weight.addi(direction.mul(step));
    double above = error(encoder, differentiated, batch, wanted, false).getDouble();
    weight.subi(direction.mul(2 * step));
    double below = error(encoder, differentiated, batch, wanted, false).getDouble();
    double slope = (above - below) / (2 * step);
    assertThat(gradient.mul(direction).sum().getDouble())
        .isEqualTo(slope, within(1e-5 * Math.abs(slope)));
  }

  @Test
  void gradientsFlowThroughAnchorsThatAreRowsIfAsked() {
    NDArray nodes = manager.randomNormal(new Shape(9, 5), DataType.FLOAT64);
    NDArray wanted = manager.randomNormal(new Shape(9, 3), DataType.FLOAT64);
    NDArray direction = manager.randomNormal(nodes.getShape(), DataType.FLOAT64);
    RelativeProjection projection =
        RelativeProjection.builder()
            .rows(1, 4, 7)
            .centred(true)
            .normalized(true)
            .anchorGradients(true)
            .build(manager);

    nodes.setRequiresGradient(true);
    NDArray gradient;
    try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
      gradients.backward(error(projection, nodes, wanted));
      gradient = nodes.getGradient().duplicate();
    }

    nodes.setRequiresGradient(false);
    double step = 1e-5;
    double above = error(projection, nodes.add(direction.mul(step)), wanted).getDouble();
    double below = error(projection, nodes.sub(direction.mul(step)), wanted).getDouble();
    double slope = (above - below) / (2 * step);
    assertThat(gradient.mul(direction).sum().getDouble())
        .isEqualTo(slope, within(1e-5 * Math.abs(slope)));
  }

  @Test
  void rowsThatAreAnchorsAreConstantToGradientsUnlessAsked() {
    NDArray nodes = manager.randomNormal(new Shape(9, 5));
    NDArray wanted = manager.randomNormal(new Shape(9, 2));
    RelativeProjection constant = frozen(nodes.get("3:5")).build(manager);
    RelativeProjection chosen = RelativeProjection.builder().rows(3, 4).build(manager);

    nodes.setRequiresGradient(true);
    float[] expected = gradient(constant, nodes, wanted);
    assertThat(gradient(chosen, nodes, wanted)).containsExactly(expected, within(1e-5f));
  }

  private float[] gradient(Block projection, NDArray embeddings, NDArray wanted) {
    try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
      gradients.zeroGradients();
      gradients.backward(error(projection, embeddings, wanted));
      return embeddings.getGradient().toFloatArray();
    }
  }

  private NDArray error(Block projection, NDArray embeddings, NDArray wanted) {
    NDArray relative = projection.forward(store(), new NDList(embeddings), true).head();
    return relative.sub(wanted).square().sum();
  }

  /** A shift of all embeddings changes nothing, so that nothing should push towards one. */
  @Test
  void aCentredProjectionDoesNotDriveTheEncoderAway() {
    Block encoder = initialized(linear(3));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4));
    NDArray wanted = manager.randomNormal(new Shape(BATCH, ANCHORS));
    NDArray bias = encoder.getParameters().get("bias").getArray();
    RelativeProjection following = embedded(encoder, inputs).centred(true).build(manager);

    assertThat(gradient(bias, encoder, following, batch, wanted).toFloatArray())
        .containsExactly(new float[] {0, 0, 0}, within(1e-4f));
    // Anchors that stay where they are do see the shift.
    float[] towards =
        gradient(bias, encoder, following.freeze(manager), batch, wanted).toFloatArray();
    assertThat(Math.abs(towards[0]) + Math.abs(towards[1]) + Math.abs(towards[2]))
        .isGreaterThan(0.1f);
  }

  private NDArray gradient(
      NDArray of, Block encoder, Block projection, NDArray batch, NDArray wanted) {
    try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
      gradients.backward(error(encoder, projection, batch, wanted, true));
      return of.getGradient().duplicate();
    }
  }

  @Test
  void embeddingAnchorsDisturbsNoStatisticsAndIsNotRandom() {
    Block encoder =
        initialized(
            new SequentialBlock()
                .add(linear(6))
                .add(BatchNorm.builder().build())
                .add(Dropout.builder().optRate(0.5f).build()));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4)).add(10);
    RelativeProjection projection = embedded(encoder, inputs).build(manager);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 6));
    float[] before = statistics(encoder);

    NDArray first = projection.forward(store(), new NDList(batch), true).head();
    NDArray second = projection.forward(store(), new NDList(batch), true).head();

    assertThat(second.toFloatArray()).isEqualTo(first.toFloatArray());
    assertThat(statistics(encoder)).isEqualTo(before);
  }

  @Test
  void aTrainingLeavesAnchorsAsTheyAreAndKeepsNoArrays() {
    Block encoder = linear(3);
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    RelativeProjection projection = embedded(encoder, inputs).normalized(true).build(manager);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4));
    NDArray targets = manager.randomNormal(new Shape(BATCH, 2));
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.l2Loss())
            .optOptimizer(
                Optimizer.sgd()
                    .setLearningRateTracker(Tracker.fixed(0.001f))
                    .optWeightDecays(0.5f)
                    .build());
    try (Model model = Model.newInstance("projected")) {
      model.setBlock(new SequentialBlock().add(encoder).add(projection).add(linear(2)));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(batch.getShape());
        float before = step(trainer, batch, targets);
        int arrays = arrays(trainer.getManager()) + arrays(model.getNDManager());
        float after = before;
        for (int i = 0; i < 20; i++) {
          after = step(trainer, batch, targets);
        }
        assertThat(after).isLessThan(before);
        assertThat(arrays(trainer.getManager()) + arrays(model.getNDManager())).isEqualTo(arrays);
        assertThat(anchors(projection).toFloatArray()).isEqualTo(inputs.toFloatArray());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "frozen", "rows"})
  void passesKeepNoArrays(String kind) {
    Block encoder = initialized(linear(3));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    RelativeProjection.Builder builder =
        switch (kind) {
          case "embedded" -> embedded(encoder, inputs);
          case "frozen" -> frozen(manager.randomNormal(new Shape(ANCHORS, 3)));
          default -> RelativeProjection.builder().rows(0, 2);
        };
    RelativeProjection projection = builder.centred(true).normalized(true).build(manager);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 3));
    int before = arrays(manager);
    for (boolean training : new boolean[] {false, true}) {
      try (NDManager pass = manager.newSubManager()) {
        NDArray inputsOfPass = batch.duplicate();
        inputsOfPass.attach(pass);
        ParameterStore parameters = new ParameterStore(pass, false);
        projection.forward(parameters, new NDList(inputsOfPass), training);
      }
    }
    assertThat(arrays(manager)).isEqualTo(before);
  }

  @Test
  void aBatchOfOneRowStillTeachesACentredProjection() {
    Block encoder = initialized(linear(3));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    NDArray batch = manager.randomNormal(new Shape(1, 4));
    NDArray wanted = manager.randomNormal(new Shape(1, ANCHORS));
    RelativeProjection projection = embedded(encoder, inputs).centred(true).build(manager);

    NDArray gradient = gradient(weight(encoder), encoder, projection, batch, wanted);

    assertThat(gradient.abs().max().getFloat()).isGreaterThan(0.1f);
  }

  @Test
  void anotherModelThatIsClosedTakesNothingAway() {
    Block encoder = initialized(linear(3));
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    RelativeProjection projection = embedded(encoder, inputs).build(manager);
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4));
    Block one = new SequentialBlock().add(encoder).add(projection).add(linear(2));
    one.initialize(manager, DataType.FLOAT32, batch.getShape());
    float[] before = forward(one, batch).toFloatArray();
    try (Model other = Model.newInstance("other")) {
      other.setBlock(new SequentialBlock().add(encoder).add(projection).add(linear(2)));
      other.getBlock().initialize(other.getNDManager(), DataType.FLOAT32, batch.getShape());
    }
    assertThat(forward(one, batch).toFloatArray()).isEqualTo(before);
  }

  @Test
  void halfAndDoublePrecisionWorkWithAnchorsInAnother() {
    NDArray anchors = manager.create(new float[][] {{301, 300}, {299, 300}});
    RelativeProjection projection = frozen(anchors).centred(true).build(manager);
    NDArray batch = manager.create(new float[][] {{300.5f, 300}});

    for (DataType type : new DataType[] {DataType.FLOAT16, DataType.FLOAT64}) {
      NDArray relative = forward(projection, batch.toType(type, false));
      assertThat(relative.getDataType())
          .isEqualTo(type == DataType.FLOAT64 ? type : DataType.FLOAT32);
      assertThat(relative.toType(DataType.FLOAT32, false).toFloatArray())
          .containsExactly(new float[] {1, -1}, within(1e-5f));
    }
  }

  @Test
  void isSavedAndLoadedWithTheModel(@TempDir Path folder) throws Exception {
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4));
    float[] expected;
    try (Model model = model(inputs, true)) {
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, batch.getShape());
      expected = forward(model.getBlock(), batch).toFloatArray();
      model.save(folder, "projected");
    }
    NDArray others = manager.ones(new Shape(ANCHORS, 4));
    try (Model model = model(others, true)) {
      model.load(folder, "projected");
      assertThat(forward(model.getBlock(), batch).toFloatArray()).isEqualTo(expected);
    }
    try (Model model = model(others, false)) {
      assertThatExceptionOfType(MalformedModelException.class)
          .isThrownBy(() -> model.load(folder, "projected"))
          .withMessageContaining("saved with centred true, but is to be loaded with false");
      NDArray kept = model.getBlock().getParameters().valueAt(2).getArray();
      assertThat(kept.toFloatArray()).isEqualTo(others.toFloatArray());
    }
  }

  @Test
  void aHeadWorksBehindAnotherEncoderOfOtherWidth() throws IOException {
    // Two encoders of the same inputs: one that keeps them, one that turns them into more numbers.
    NDArray inputs = manager.randomNormal(new Shape(ANCHORS, 4));
    NDArray batch = manager.randomNormal(new Shape(BATCH, 4));
    NDArray wider = manager.zeros(new Shape(4, 6));
    wider.set(new NDIndex("0, 5"), 2f);
    wider.set(new NDIndex("1, 3"), -2f);
    wider.set(new NDIndex("2, 0"), 2f);
    wider.set(new NDIndex("3, 1"), 2f);
    Block head = initialized(linear(3), DataType.FLOAT32, new Shape(1, ANCHORS));
    NDArray own = forward(head, forward(frozen(inputs).normalized(true).build(manager), batch));
    NDArray stitched =
        forward(
            head,
            forward(
                frozen(inputs.matMul(wider)).normalized(true).build(manager), batch.matMul(wider)));

    assertThat(stitched.allClose(own, 1e-4, 1e-4, false)).isTrue();
  }

  @Test
  void saysWhatIsWrongWithItsAnchors() {
    assertThatIllegalStateException()
        .isThrownBy(() -> RelativeProjection.builder().build(manager))
        .withMessageContaining("a projection needs anchors");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> frozen(manager.create(new float[] {1, 2})).build(manager))
        .withMessageContaining("must be a matrix of floating-point numbers")
        .withMessageContaining("(2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> frozen(manager.zeros(new Shape(0, 4))).build(manager))
        .withMessageContaining("must have at least one row");
    NDList uneven = new NDList(manager.zeros(new Shape(3, 4)), manager.zeros(new Shape(2, 4)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelativeProjection.builder().embeddedBy(linear(1), uneven).build(manager))
        .withMessageContaining("have 3 and 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RelativeProjection.builder().embeddedBy(linear(1), new NDList()).build(manager))
        .withMessageContaining("at least one array");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelativeProjection.builder().rows(1, -1).build(manager))
        .withMessageContaining("at least 0")
        .withMessageContaining("-1");
    RelativeProjection projection = frozen(manager.ones(new Shape(2, 3))).build(manager);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> forward(projection, manager.ones(new Shape(1, 4))))
        .withMessageContaining("anchors have 3 dimensions and probes 4");
  }

  private static RelativeProjection.Builder frozen(NDArray anchors) {
    return RelativeProjection.builder().frozen(anchors);
  }

  private static RelativeProjection.Builder embedded(Block encoder, NDArray inputs) {
    return RelativeProjection.builder().embeddedBy(encoder, new NDList(inputs));
  }

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  private Block initialized(Block block) {
    return initialized(block, DataType.FLOAT32);
  }

  private Block initialized(Block block, DataType type) {
    return initialized(block, type, new Shape(1, 4));
  }

  private Block initialized(Block block, DataType type, Shape inputs) {
    block.initialize(manager, type, inputs);
    return block;
  }

  private Model model(NDArray anchors, boolean centred) {
    Model model = Model.newInstance("projected");
    Block encoder = new SequentialBlock().add(linear(3)).add(Activation::tanh);
    model.setBlock(
        new SequentialBlock()
            .add(encoder)
            .add(embedded(encoder, anchors).centred(centred).build(model.getNDManager()))
            .add(linear(2)));
    return model;
  }

  private static NDArray error(
      Block encoder, Block projection, NDArray batch, NDArray wanted, boolean training) {
    ParameterStore parameters = new ParameterStore(batch.getManager(), false);
    NDList embeddings = encoder.forward(parameters, new NDList(batch), training);
    NDArray relative = projection.forward(parameters, embeddings, training).head();
    return relative.sub(wanted).square().sum();
  }

  private static float step(Trainer trainer, NDArray batch, NDArray targets) {
    try (NDManager scratch = trainer.getManager().newSubManager()) {
      NDArray inputs = batch.duplicate();
      inputs.attach(scratch);
      float error;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList answers = trainer.forward(new NDList(inputs));
        NDArray loss = answers.head().sub(targets).square().mean();
        gradients.backward(loss);
        loss.attach(scratch);
        error = loss.getFloat();
      }
      trainer.step();
      return error;
    }
  }

  private static int arrays(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  private static NDArray weight(Block block) {
    return block.getParameters().valueAt(0).getArray();
  }

  private static NDArray anchors(RelativeProjection projection) {
    return projection.getParameters().valueAt(0).getArray();
  }

  private static float[] statistics(Block encoder) {
    NDList statistics = new NDList();
    for (Parameter parameter : encoder.getParameters().values()) {
      statistics.add(parameter.getArray().flatten());
    }
    return NDArrays.concat(statistics).toFloatArray();
  }

  private ParameterStore store() {
    return new ParameterStore(manager, false);
  }

  private NDArray forward(Block block, float[][] batch) {
    return forward(block, manager.create(batch));
  }

  private NDArray forward(Block block, NDArray batch) {
    return block.forward(store(), new NDList(batch), false).singletonOrThrow();
  }
}
