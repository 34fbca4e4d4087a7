package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.graph.Links;
import dev.latentgauge.examples.graph.NodeTrainer;
import dev.latentgauge.examples.graph.ShallowNetwork;
import dev.latentgauge.examples.graph.Words;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trains a small network on papers that are easy to tell apart. */
class NodeTrainingTest {

  private static final double DROPOUT = 0.5;

  private static final Cora PAPERS = MadeUpPapers.cora();

  private final NDManager manager = NDManager.newBaseManager();
  private final Words words = new Words(PAPERS, manager);
  private final NDArray links = Links.AVERAGE_WITH_SELF.of(PAPERS, manager);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void whatIsEasyIsLearnt() {
    List<Double> accuracies = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    try (NodeTraining training = training(adam(), 1)) {
      training.record(
          40,
          epoch -> epoch % 40 == 0 || epoch == 1,
          snapshot -> {
            accuracies.add(accuracy(snapshot));
            losses.add(snapshot.trainingLoss());
          });
    }
    assertThat(accuracies.get(0)).isLessThan(0.4);
    assertThat(accuracies.get(2)).isGreaterThan(0.9);
    assertThat(losses.get(2)).isLessThan(losses.get(1));
  }

  @Test
  void lookingDoesNotDisturb() {
    List<float[]> seldom = new ArrayList<>();
    List<float[]> often = new ArrayList<>();
    try (NodeTraining training = training(adam(), 2)) {
      training.record(6, epoch -> epoch == 6, snapshot -> seldom.add(encoding(snapshot)));
    }
    try (NodeTraining training = training(adam(), 2)) {
      training.record(6, epoch -> true, snapshot -> often.add(encoding(snapshot)));
    }
    assertThat(often).hasSize(7);
    assertThat(often.get(6)).isEqualTo(seldom.get(0)).isNotEqualTo(often.get(5));
  }

  @Test
  void theBestEpochIsKept() {
    List<Double> all = new ArrayList<>();
    try (NodeTraining training = training(restless(), 3)) {
      training.record(12, epoch -> true, snapshot -> all.add(accuracy(snapshot)));
    }
    double best = all.stream().mapToDouble(accuracy -> accuracy).max().orElseThrow();
    assertThat(all.get(12)).isLessThan(best);
    List<Long> steps = new ArrayList<>();
    try (NodeTraining training = training(restless(), 3)) {
      training.recordBest(
          12,
          snapshot -> {
            assertThat(accuracy(snapshot)).isEqualTo(best);
            steps.add(snapshot.step());
          });
    }
    assertThat(steps).containsExactly((long) all.indexOf(best));
  }

  @Test
  void itStopsWhereItIsGoodEnough() {
    List<Double> all = new ArrayList<>();
    try (NodeTraining training = training(adam(), 4)) {
      training.record(20, epoch -> true, snapshot -> all.add(accuracy(snapshot)));
    }
    int first = 0;
    while (all.get(first) < 0.5) {
      first++;
    }
    List<Long> steps = new ArrayList<>();
    try (NodeTraining training = training(adam(), 4)) {
      training.recordOnce(0.5, 20, snapshot -> steps.add(snapshot.step()));
    }
    assertThat(steps).containsExactly((long) first);
  }

  @Test
  void aTrainingThatDivergesEndsEarly() {
    List<Long> steps = new ArrayList<>();
    Optimizer wild = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1e30f)).build();
    try (NodeTraining training = training(wild, 5)) {
      training.record(10, epoch -> true, snapshot -> steps.add(snapshot.step()));
    }
    assertThat(steps).startsWith(0L, 1L).hasSizeLessThan(10);
  }

  @Test
  void nothingIsLeftOfAStep() {
    try (NodeTraining training = training(adam(), 6)) {
      List<Integer> owned = new ArrayList<>();
      training.record(4, epoch -> true, snapshot -> owned.add(training.arrays()));
      // The first update adds what Adam remembers.
      assertThat(owned.subList(1, 5)).containsOnly(owned.get(1));
    }
  }

  private NodeTraining training(Optimizer optimizer, int seed) {
    return new NodeTraining(
        new ShallowNetwork(16, DROPOUT, Cora.TOPICS),
        words,
        links,
        CoraTask.split(PAPERS.topics()),
        new NodeTrainer.Recipe(optimizer, DROPOUT, seed));
  }

  private static Optimizer adam() {
    return Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build();
  }

  /** Whose accuracy goes up and down. */
  private static Optimizer restless() {
    return Optimizer.sgd().setLearningRateTracker(Tracker.fixed(60f)).build();
  }

  private static double accuracy(Snapshot snapshot) {
    return (double) snapshot.correct().countNonzero().getLong() / snapshot.correct().size();
  }

  private static float[] encoding(Snapshot snapshot) {
    return snapshot.layers().values().iterator().next().toFloatArray();
  }
}
