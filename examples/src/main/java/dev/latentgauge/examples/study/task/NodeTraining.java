package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.latentgauge.examples.graph.NodeTrainer;
import dev.latentgauge.examples.graph.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * One training of a network on all nodes of a graph at once: a step is an epoch.
 *
 * <p>Looking at the network disturbs nothing: in evaluation mode neither weights nor generators
 * change. All arrays of a step are released at its end.
 */
final class NodeTraining implements AutoCloseable {

  /**
   * Which nodes serve what.
   *
   * @param labels of the nodes that are learnt, by their numbers
   * @param tests classes of the nodes that accuracy is measured on, by their numbers
   * @param pool the nodes that are embedded, in order
   */
  record Parts(Map<Integer, Integer> labels, Map<Integer, Integer> tests, List<Integer> pool) {}

  private final NodeTrainer trainer;
  private final NDManager manager;
  private final NDArray tested;
  private final NDArray classes;
  private final NDArray pool;

  /**
   * An untrained network and what is needed to train it.
   *
   * @param network takes words and links, answers the classes, then what it makes of the nodes in
   *     the monitored layer, and after the last graph layer
   * @param links what the graph layers multiply with, N x N; stays the caller's
   */
  NodeTraining(Block network, Words words, NDArray links, Parts parts, NodeTrainer.Recipe recipe) {
    trainer = new NodeTrainer(network, words, links, parts.labels(), recipe);
    manager = trainer.manager();
    tested = manager.create(numbers(parts.tests()));
    classes = manager.create(parts.tests().values().stream().mapToLong(c -> c).toArray());
    pool = manager.create(parts.pool().stream().mapToLong(node -> node).toArray());
  }

  private static long[] numbers(Map<Integer, Integer> nodes) {
    return nodes.keySet().stream().mapToLong(node -> node).toArray();
  }

  /**
   * Trains on, and records after some of the steps.
   *
   * @param epochs how many steps, at least 0; a training that diverges ends before
   * @param recorded whether to record after so many steps; asked for 0 too
   */
  void record(int epochs, IntPredicate recorded, Recorder recorder) {
    while (true) {
      if (recorded.test(trainer.steps())) {
        try (NDManager scratch = manager.newSubManager()) {
          recorder.record(look(scratch));
        }
      }
      if (trainer.steps() >= epochs || !trainer.step()) {
        return;
      }
    }
  }

  /**
   * Trains, and records the epoch of the best accuracy, the first if there are several.
   *
   * @param epochs how many steps, at least 1
   */
  void recordBest(int epochs, Recorder recorder) {
    NDManager kept = manager.newSubManager();
    Snapshot best = look(kept);
    double accuracy = accuracy(best);
    while (trainer.steps() < epochs && trainer.step()) {
      NDManager scratch = manager.newSubManager();
      Snapshot next = look(scratch);
      if (accuracy(next) > accuracy) {
        kept.close();
        kept = scratch;
        best = next;
        accuracy = accuracy(next);
      } else {
        scratch.close();
      }
    }
    recorder.record(best);
    kept.close();
  }

  /**
   * Trains until it is good enough, and records what it is then.
   *
   * @param enough the accuracy at which it stops, in [0, 1]
   * @param epochs after which it stops in any case, at least 1
   */
  void recordOnce(double enough, int epochs, Recorder recorder) {
    while (true) {
      try (NDManager scratch = manager.newSubManager()) {
        Snapshot snapshot = look(scratch);
        if (accuracy(snapshot) >= enough || trainer.steps() >= epochs) {
          recorder.record(snapshot);
          return;
        }
      }
      if (!trainer.step()) {
        return;
      }
    }
  }

  private static double accuracy(Snapshot snapshot) {
    return (double) snapshot.correct().countNonzero().getLong() / snapshot.correct().size();
  }

  private Snapshot look(NDManager kept) {
    try (NDManager scratch = manager.newSubManager()) {
      new NDList(tested, classes, pool).tempAttach(scratch);
      NDList answered = trainer.answers(scratch);
      NDArray predicted = answered.head().argMax(1);
      Map<String, NDArray> layers = new LinkedHashMap<>();
      layers.put(Classification.ENCODER, answered.get(1).get(pool));
      layers.put(Classification.ACTIVATION, answered.get(2).get(pool));
      NDArray correct = predicted.get(tested).eq(classes);
      NDArray predictions = predicted.get(pool);
      layers.values().forEach(layer -> layer.attach(kept));
      new NDList(correct, predictions).attach(kept);
      return new Snapshot(
          trainer.steps(), trainer.steps(), trainer.loss(), correct, layers, predictions);
    }
  }

  /** How many arrays it holds, apart from the network's. */
  int arrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    trainer.close();
  }
}
