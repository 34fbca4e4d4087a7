package dev.latentgauge.examples.graph;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import java.util.Map;
import java.util.Random;

/**
 * Trains a network to classify nodes, on all nodes of a graph at once: a step is an epoch.
 *
 * <p>Asking the network disturbs nothing: in evaluation mode neither weights nor generators change.
 * All arrays of a step are released at its end. Not thread-safe.
 */
public final class NodeTrainer implements AutoCloseable {

  private final Model model = Model.newInstance("nodes");
  private final NDManager manager = model.getNDManager().newSubManager();
  private final Trainer trainer;
  private final Words words;
  private final double dropout;
  private final Random random;
  private final NDList inputs;
  private final NDArray learnt;
  private final NDArray labels;
  private int steps;
  private double loss = Double.NaN;

  /**
   * How a network is trained.
   *
   * @param optimizer new for each training
   * @param dropout of the words, at least 0 and below 1
   * @param seed of the first weights and of all dropout
   */
  public record Recipe(Optimizer optimizer, double dropout, int seed) {}

  /**
   * An untrained network and what is needed to train it.
   *
   * @param network takes words and links, answers the classes first
   * @param words of all nodes
   * @param links what the graph layers multiply with, N x N; stays the caller's
   * @param labels of the nodes that are learnt, by their numbers
   * @param recipe how it is trained
   */
  public NodeTrainer(
      Block network, Words words, NDArray links, Map<Integer, Integer> labels, Recipe recipe) {
    this.words = words;
    this.dropout = recipe.dropout();
    random = new Random(recipe.seed());
    inputs = new NDList(words.all(manager), links);
    Engine.getInstance().setRandomSeed(recipe.seed());
    model.setBlock(network);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(recipe.optimizer()));
    trainer.initialize(inputs.getShapes());
    learnt = manager.create(labels.keySet().stream().mapToLong(node -> node).toArray());
    this.labels = manager.create(labels.values().stream().mapToLong(label -> label).toArray());
  }

  /**
   * Makes one update.
   *
   * @return whether the loss before it was a number; otherwise nothing was updated
   */
  public boolean step() {
    try (NDManager scratch = manager.newSubManager()) {
      constants().tempAttach(scratch);
      NDArray thinned = words.thinned(dropout, random, scratch);
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList answered = trainer.forward(new NDList(thinned, inputs.get(1)));
        answered.attach(scratch);
        NDArray error =
            trainer.getLoss().evaluate(new NDList(labels), new NDList(answered.head().get(learnt)));
        loss = error.getFloat();
        if (!Double.isFinite(loss)) {
          return false;
        }
        gradients.backward(error);
      }
    }
    trainer.step();
    steps++;
    return true;
  }

  /**
   * What the network answers now, in evaluation mode.
   *
   * @param owner the answers are attached to it
   * @return the outputs of the network, a row a node in each
   */
  public NDList answers(NDManager owner) {
    try (NDManager scratch = manager.newSubManager()) {
      constants().tempAttach(scratch);
      NDList answered = trainer.evaluate(inputs);
      answered.attach(owner);
      return answered;
    }
  }

  /**
   * How many updates have been made.
   *
   * @return at least 0
   */
  public int steps() {
    return steps;
  }

  /**
   * The loss before the last update.
   *
   * @return NaN before the first
   */
  public double loss() {
    return loss;
  }

  /** What outlives a step; results are owned by the manager of what they are made of. */
  private NDList constants() {
    return new NDList(inputs).addAll(new NDList(learnt, labels));
  }

  /**
   * What lives as long as this.
   *
   * @return the manager of the nodes' words and labels
   */
  public NDManager manager() {
    return manager;
  }

  @Override
  public void close() {
    manager.close();
    trainer.close();
    model.close();
  }
}
