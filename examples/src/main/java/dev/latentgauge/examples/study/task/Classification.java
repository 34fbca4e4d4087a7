package dev.latentgauge.examples.study.task;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Examples of several classes, and how networks are trained on them and looked at on the way.
 *
 * <p>A network is an encoder whose output is the monitored layer, an activation, and a linear head.
 * Inputs are one array, a row an example. Not thread-safe.
 */
public final class Classification implements AutoCloseable {

  /** The monitored layer. */
  public static final String ENCODER = "encoder";

  /** The layer after it. */
  public static final String ACTIVATION = "activation";

  private static final int SNAPSHOTS = 15;
  private static final double CROWDING = 1.7;
  private static final int ROWS_AT_A_TIME = 1000;

  private final NDManager manager;
  private final NDArray inputs;
  private final long[] labels;
  private final NDArray pool;
  private final NDArray testInputs;
  private final NDArray testLabels;
  private final int classes;

  /**
   * Takes the examples over.
   *
   * @param manager what all arrays are attached to; closed with this
   * @param inputs what networks are trained on, a row an example
   * @param labels the classes of these, in [0, classes)
   * @param pool the inputs that are embedded, which are not among {@code inputs}
   * @param testInputs what accuracy is measured on
   * @param testLabels the classes of these, int64
   * @param classes the number of classes
   */
  public Classification(
      NDManager manager,
      NDArray inputs,
      long[] labels,
      NDArray pool,
      NDArray testInputs,
      NDArray testLabels,
      int classes) {
    this.manager = manager;
    this.inputs = inputs;
    this.labels = labels.clone();
    this.pool = pool;
    this.testInputs = testInputs;
    this.testLabels = testLabels;
    this.classes = classes;
  }

  /**
   * The number of training examples.
   *
   * @return the rows that a {@link Recipe} may use
   */
  public int size() {
    return labels.length;
  }

  /**
   * At which steps a training is recorded: dense in the beginning, when most changes.
   *
   * @param steps the number of updates of the training
   * @return ascending, from 0 to {@code steps}
   */
  public static List<Integer> recordedSteps(int steps) {
    return IntStream.rangeClosed(0, SNAPSHOTS)
        .map(i -> (int) Math.round(steps * Math.pow((double) i / SNAPSHOTS, CROWDING)))
        .distinct()
        .boxed()
        .toList();
  }

  /**
   * Trains a classifier, and records it on the way; one that diverges ends early.
   *
   * @param recipe how it is made
   * @param recorder gets a snapshot at each of {@link #recordedSteps}
   * @throws IOException never, but DJL's batches might
   * @throws TranslateException never, but DJL's batches might
   */
  public void train(Recipe recipe, Recorder recorder) throws IOException, TranslateException {
    Engine.getInstance().setRandomSeed(recipe.seed());
    Network network = new Network(recipe, classes);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(recipe.optimizer().get());
    try (Model model = Model.newInstance("study");
        NDManager scratch = manager.newSubManager()) {
      model.setBlock(network.whole());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(inputs.get(new NDIndex("0:1")).getShape());
        new Training(recipe, network, trainer, recorder).fit(dataset(recipe, scratch));
      }
    }
  }

  private ArrayDataset dataset(Recipe recipe, NDManager scratch) {
    NDArray used = inputs.get(new NDIndex("0:" + recipe.examples()));
    used.attach(scratch);
    return new ArrayDataset.Builder()
        .setData(used)
        .optLabels(scratch.create(labels(recipe)))
        .setSampling(recipe.batch(), true, true)
        .build();
  }

  /** The labels that a training gets: the nearest whole number of them are made wrong. */
  private long[] labels(Recipe recipe) {
    long[] given = Arrays.copyOf(labels, recipe.examples());
    Random random = new Random(recipe.seed());
    int[] order = Draw.permutation(given.length, random);
    int wrong = (int) Math.round(recipe.wrongLabels() * given.length);
    for (int i = 0; i < wrong; i++) {
      given[order[i]] = (given[order[i]] + 1 + random.nextInt(classes - 1)) % classes;
    }
    return given;
  }

  /** Releases the examples. */
  @Override
  public void close() {
    manager.close();
  }

  /** A network and its parts, which share their weights with it. */
  private record Network(Block encoder, Block activation, Block head, Block whole) {
    Network(Recipe recipe, int classes) {
      this(
          recipe.encoder().get(),
          recipe.activation().get(),
          Linear.builder().setUnits(classes).build());
    }

    Network(Block encoder, Block activation, Block head) {
      this(encoder, activation, head, new SequentialBlock().add(encoder).add(activation).add(head));
    }
  }

  /** One training under way. */
  private final class Training {
    private final Recipe recipe;
    private final Network network;
    private final Trainer trainer;
    private final Recorder recorder;
    private final List<Integer> recorded;
    private int step;
    private double lossSum;
    private int lossCount;

    Training(Recipe recipe, Network network, Trainer trainer, Recorder recorder) {
      this.recipe = recipe;
      this.network = network;
      this.trainer = trainer;
      this.recorder = recorder;
      this.recorded = recordedSteps(recipe.steps());
    }

    void fit(ArrayDataset dataset) throws IOException, TranslateException {
      record();
      while (step < recipe.steps()) {
        for (Batch batch : trainer.iterateDataset(dataset)) {
          try (batch) {
            if (step == recipe.steps() || !update(batch)) {
              return;
            }
          }
          if (recorded.contains(step)) {
            record();
          }
        }
      }
    }

    private boolean update(Batch batch) {
      float loss;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList outputs = trainer.forward(batch.getData(), batch.getLabels());
        NDArray error = trainer.getLoss().evaluate(batch.getLabels(), outputs);
        loss = error.getFloat();
        collector.backward(error);
      }
      trainer.step();
      step++;
      lossSum += loss;
      lossCount++;
      return Float.isFinite(loss);
    }

    private void record() {
      try (NDManager scratch = manager.newSubManager()) {
        View ofPool = View.of(network, pool, scratch);
        NDArray ofTest = View.of(network, testInputs, scratch).predictions();
        Map<String, NDArray> layers = new LinkedHashMap<>();
        layers.put(ENCODER, ofPool.encoder());
        layers.put(ACTIVATION, ofPool.activation());
        double epoch = (double) step * recipe.batch() / recipe.examples();
        recorder.record(
            new Snapshot(
                step,
                epoch,
                lossSum / lossCount,
                ofTest.eq(testLabels),
                layers,
                ofPool.predictions()));
      }
      lossSum = 0;
      lossCount = 0;
    }
  }

  /** What a network makes of some inputs in evaluation mode. */
  private record View(NDArray encoder, NDArray activation, NDArray predictions) {
    static View of(Network network, NDArray inputs, NDManager scratch) {
      ParameterStore parameters = new ParameterStore(scratch, false);
      NDList encoder = new NDList();
      NDList activation = new NDList();
      NDList predictions = new NDList();
      long rows = inputs.getShape().get(0);
      for (long from = 0; from < rows; from += ROWS_AT_A_TIME) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray part =
              inputs.get(new NDIndex("{}:{}", from, Math.min(rows, from + ROWS_AT_A_TIME)));
          part.attach(pass);
          NDList embedded = network.encoder().forward(parameters, new NDList(part), false);
          NDList active = network.activation().forward(parameters, embedded, false);
          NDList outputs = network.head().forward(parameters, active, false);
          encoder.add(kept(embedded.singletonOrThrow(), scratch));
          activation.add(kept(active.singletonOrThrow(), scratch));
          predictions.add(kept(outputs.singletonOrThrow().argMax(1), scratch));
        }
      }
      return new View(
          NDArrays.concat(encoder), NDArrays.concat(activation), NDArrays.concat(predictions));
    }

    private static NDArray kept(NDArray array, NDManager scratch) {
      array.attach(scratch);
      return array;
    }
  }
}
