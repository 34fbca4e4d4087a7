package dev.latentgauge.examples.stitching.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.graph.DeepEncoder;
import dev.latentgauge.examples.graph.DeepNetwork;
import dev.latentgauge.examples.graph.Glorot;
import dev.latentgauge.examples.graph.Links;
import dev.latentgauge.examples.graph.NodeTrainer;
import dev.latentgauge.examples.graph.Words;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.projection.RelativeProjection;
import java.util.EnumMap;
import java.util.Map;

/** Trains networks on the papers of Cora. Not thread-safe. */
final class CoraTrainings implements AutoCloseable {

  private final Cora cora;
  private final Plan plan;
  private final Split split;
  private final NDManager manager = NDManager.newBaseManager();
  private final Words words;
  private final Map<Links, NDArray> links = new EnumMap<>(Links.class);

  CoraTrainings(Cora cora, Plan plan, Split split) {
    this.plan = plan;
    this.split = split;
    this.cora = cora;
    words = new Words(cora, manager);
  }

  /**
   * Trains a network, and keeps it as it was at its best on the papers that choose the epoch.
   *
   * @param representation what its head sees
   * @param seed of weights and dropout
   * @return the network, until this is closed
   */
  Trained train(Representation representation, Architecture architecture, int seed) {
    NDArray multiplied =
        links.computeIfAbsent(architecture.convolution().links(), kind -> kind.of(cora, manager));
    Block projection = projection(representation);
    Block head = Glorot.linear(Cora.TOPICS);
    DeepNetwork network =
        new DeepNetwork(new DeepEncoder(architecture.form(plan)), projection, head);
    Member member = new Member(architecture.name(), seed);
    try (NodeTrainer trainer =
        new NodeTrainer(
            network,
            words,
            multiplied,
            split.learnt(),
            new NodeTrainer.Recipe(adam(), plan.dropout(), seed))) {
      return best(trainer, member, projection, head);
    }
  }

  /**
   * What stands between encoder and head.
   *
   * <p>With gradients through the anchors, as in the paper's code, which cost nothing here, and
   * with plain cosines: brought to one variance, they were not learnt from in the first hundreds of
   * epochs, as embeddings by averages of neighbours are nearly the same direction at first.
   */
  private Block projection(Representation representation) {
    if (representation == Representation.ABSOLUTE) {
      return Blocks.identityBlock();
    }
    return RelativeProjection.builder()
        .rows(split.anchors().stream().mapToLong(paper -> paper).toArray())
        .centred(representation == Representation.CENTRED)
        .anchorGradients(true)
        .build(manager);
  }

  private static Optimizer adam() {
    return Optimizer.adam().optLearningRateTracker(Tracker.fixed(Plan.LEARNING_RATE)).build();
  }

  private Trained best(NodeTrainer trainer, Member member, Block projection, Block head) {
    NDManager kept = manager.newSubManager();
    NDList answers = trainer.answers(kept);
    double accuracy = accuracy(answers.head());
    Trained best = keep(kept, member, trainer.steps(), answers.get(1), projection, head);
    while (trainer.steps() < Math.min(plan.epochs(), best.epoch() + plan.patience())
        && trainer.step()) {
      try (NDManager scratch = manager.newSubManager()) {
        answers = trainer.answers(scratch);
        double next = accuracy(answers.head());
        if (next > accuracy) {
          accuracy = next;
          kept.close();
          kept = manager.newSubManager();
          best = keep(kept, member, trainer.steps(), answers.get(1), projection, head);
        }
      }
    }
    return best;
  }

  private double accuracy(NDArray classes) {
    long[] predicted = classes.argMax(1).toLongArray();
    int right = 0;
    for (Map.Entry<Integer, Integer> paper : split.validated().entrySet()) {
      right += predicted[paper.getKey()] == paper.getValue() ? 1 : 0;
    }
    return (double) right / split.validated().size();
  }

  private static Trained keep(
      NDManager kept, Member member, int epoch, NDArray embeddings, Block projection, Block head) {
    NDArray embedded = copy(embeddings, kept);
    NDArray projected =
        projection
            .forward(new ParameterStore(kept, false), new NDList(embedded), false)
            .singletonOrThrow();
    return new Trained(
        member,
        epoch,
        embedded,
        copy(projected, kept),
        copy(head.getDirectParameters().get("weight").getArray(), kept),
        copy(head.getDirectParameters().get("bias").getArray(), kept));
  }

  /** Without the history that gradients would need, and the memory that it takes. */
  private static NDArray copy(NDArray array, NDManager manager) {
    try (NDArray cut = array.stopGradient()) {
      NDArray copy = cut.duplicate();
      copy.attach(manager);
      return copy;
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
