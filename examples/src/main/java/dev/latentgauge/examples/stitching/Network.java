package dev.latentgauge.examples.stitching;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A trained network in three parts, of which the last can be put behind the first two of another.
 *
 * <p>Inputs are one array, a row an example. Not thread-safe.
 */
public final class Network implements AutoCloseable {

  private static final long ROWS_AT_A_TIME = 500;

  private static final Layer ENCODER =
      Layer.computed(
          "encoder",
          (block, parameters, inputs) ->
              block.getChildren().valueAt(0).forward(parameters, inputs, false).head());

  private final Model model;
  private final Parts parts;

  private Network(Model model, Parts parts) {
    this.model = model;
    this.parts = parts;
  }

  /**
   * What a network is made of.
   *
   * @param encoder from inputs to embeddings, n x d
   * @param projection from embeddings to what heads see
   * @param head from there to the answers, the first of its outputs
   */
  public record Parts(Block encoder, Block projection, Block head) {}

  /**
   * How a network is trained.
   *
   * @param loss of the head's outputs, against the targets
   * @param optimizer new for each training
   * @param batch rows an update, at most as many as there are
   * @param steps updates, at least 0
   * @param seed of weights and order
   */
  public record Recipe(Loss loss, Optimizer optimizer, int batch, int steps, int seed) {}

  /**
   * Adam with a learning rate that falls to a twentieth along a cosine.
   *
   * @param learningRate the first, above 0
   * @param steps updates until it has fallen, at least 1
   * @return a new optimiser
   */
  public static Optimizer adam(float learningRate, int steps) {
    Tracker rate =
        Tracker.cosine()
            .setBaseValue(learningRate)
            .optFinalValue(learningRate / 20)
            .setMaxUpdates(steps)
            .build();
    return Optimizer.adam().optLearningRateTracker(rate).build();
  }

  /** What an encoder is trained for beside the loss of its head. */
  @FunctionalInterface
  public interface Objective {

    /** Nothing else. */
    Objective NONE = (encoder, scratch) -> Optional.empty();

    /**
     * Computes it for an update.
     *
     * @param encoder embeds inputs as the training does, so that gradients flow
     * @param scratch closed at the end of the update
     * @return one element that is added to the loss
     */
    Optional<NDArray> of(UnaryOperator<NDArray> encoder, NDManager scratch);
  }

  /**
   * Trains a network by the loss of its head alone.
   *
   * @param recipe how
   * @param parts makes an untrained network; what it attaches to the manager lives as long as the
   *     network
   * @param inputs a row an example
   * @param targets a row an example
   * @param before told how many updates have been, before each of them and at the end
   * @return the network, to be closed
   */
  public static Network train(
      Recipe recipe,
      Function<NDManager, Parts> parts,
      NDArray inputs,
      NDArray targets,
      Observer before) {
    return train(recipe, parts, inputs, targets, Objective.NONE, before);
  }

  /**
   * Trains a network.
   *
   * @param recipe how
   * @param parts makes an untrained network; what it attaches to the manager lives as long as the
   *     network
   * @param inputs a row an example
   * @param targets a row an example
   * @param objective what is added to the loss
   * @param before told how many updates have been, before each of them and at the end
   * @return the network, to be closed
   */
  public static Network train(
      Recipe recipe,
      Function<NDManager, Parts> parts,
      NDArray inputs,
      NDArray targets,
      Objective objective,
      Observer before) {
    Engine.getInstance().setRandomSeed(recipe.seed());
    Model model = Model.newInstance("stitching", inputs.getDevice());
    Parts made = parts.apply(model.getNDManager());
    model.setBlock(
        new SequentialBlock().add(made.encoder()).add(made.projection()).add(made.head()));
    Network network = new Network(model, made);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(recipe.loss())
            .optOptimizer(recipe.optimizer())
            .optDevices(new Device[] {inputs.getDevice()});
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1).addAll(inputs.getShape().slice(1)));
      Order order = new Order(Math.toIntExact(inputs.getShape().get(0)), recipe);
      for (int step = 0; step < recipe.steps(); step++) {
        before.at(step, network);
        network.update(trainer, order.next(), inputs, targets, objective);
      }
      before.at(recipe.steps(), network);
    }
    return network;
  }

  /** Looks at a network while it learns. */
  @FunctionalInterface
  public interface Observer {

    /** Looks at nothing. */
    Observer NONE = (step, network) -> {};

    /**
     * Looks.
     *
     * @param step how many updates have been
     * @param network as it is now
     */
    void at(int step, Network network);
  }

  private void update(
      Trainer trainer, int[] rows, NDArray inputs, NDArray targets, Objective objective) {
    try (NDManager scratch = trainer.getManager().newSubManager()) {
      NDIndex index = new NDIndex("{}", scratch.create(rows));
      NDArray batch = inputs.get(scratch, index);
      NDList wanted = new NDList(targets.get(scratch, index));
      ParameterStore shared = new ParameterStore(scratch, false);
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList answers = trainer.forward(new NDList(batch));
        NDArray loss = trainer.getLoss().evaluate(wanted, answers);
        Optional<NDArray> other =
            objective.of(
                x -> parts.encoder().forward(shared, new NDList(x), true).singletonOrThrow(),
                scratch);
        gradients.backward(other.isPresent() ? loss.add(other.get()) : loss);
      }
      trainer.step();
    }
  }

  /** Rows in random order, each once before any comes again. */
  private static final class Order {

    private final int[] rows;
    private final int batch;
    private final Random random;
    private int next;

    Order(int count, Recipe recipe) {
      this.rows = IntStream.range(0, count).toArray();
      this.batch = Math.min(recipe.batch(), count);
      this.random = new Random(recipe.seed());
      this.next = count;
    }

    int[] next() {
      if (next + batch > rows.length) {
        shuffle();
        next = 0;
      }
      int[] chosen = Arrays.copyOfRange(rows, next, next + batch);
      next += batch;
      return chosen;
    }

    private void shuffle() {
      for (int i = rows.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = rows[i];
        rows[i] = rows[j];
        rows[j] = kept;
      }
    }
  }

  /**
   * What the encoder makes of inputs.
   *
   * @param inputs a row an example
   * @return n x d, attached to the manager of {@code inputs}
   */
  public NDArray embed(NDArray inputs) {
    return through(parts.encoder(), inputs);
  }

  /**
   * What the head sees of embeddings by its own encoder.
   *
   * @param embeddings n x d
   * @return n x k, or the embeddings themselves, attached to the same manager
   */
  public NDArray project(NDArray embeddings) {
    return through(parts.projection(), embeddings);
  }

  /**
   * What the head answers, whosever encoder it is behind.
   *
   * @param projected as {@link #project} of any network of the experiment gives it
   * @return the first output of the head, attached to the same manager
   */
  public NDArray answer(NDArray projected) {
    return through(parts.head(), projected);
  }

  /**
   * What the encoder makes of inputs, for others to be compared with.
   *
   * @param name of the reference
   * @param probes inputs of the encoder
   * @return the reference, to be closed
   */
  public Reference reference(String name, ProbeSet probes) {
    return Reference.of(name, model, ENCODER, probes);
  }

  /**
   * The head as it is now.
   *
   * @return its weights, to be read while nothing is trained
   */
  public ParameterList headParameters() {
    return parts.head().getParameters();
  }

  /** The first output of a block in evaluation mode, some rows at a time. */
  private static NDArray through(Block block, NDArray inputs) {
    long count = inputs.getShape().get(0);
    NDManager manager = inputs.getManager();
    try (NDManager scratch = manager.newSubManager()) {
      NDList answers = new NDList();
      for (long from = 0; from < count; from += ROWS_AT_A_TIME) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray part =
              inputs
                  .get(pass, new NDIndex("{}:{}", from, Math.min(count, from + ROWS_AT_A_TIME)))
                  .duplicate();
          NDArray answer =
              block.forward(new ParameterStore(pass, false), new NDList(part), false).head();
          // Nobody differentiates what is only looked at, and its history takes memory.
          NDArray kept = answer.stopGradient();
          kept.attach(scratch);
          answers.add(kept);
        }
      }
      NDArray all = NDArrays.concat(answers);
      all.attach(manager);
      return all;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
