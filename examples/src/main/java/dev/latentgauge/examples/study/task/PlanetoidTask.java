package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.graph.Links;
import dev.latentgauge.examples.graph.NodeTrainer;
import dev.latentgauge.examples.graph.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Topics of papers by a small graph network that learns from few of them: the split of Yang et al.
 * (2016), the network of Kipf and Welling (ICLR 2017).
 *
 * <p>Anchors and probes are neither learnt from nor tested. Not thread-safe.
 */
public final class PlanetoidTask implements Task {

  private static final String REFERENCE = "reference";
  private static final int ANCHOR_POOL = 512;
  private static final int MOST_LABELS = 20;

  /** Halfway between the largest topic, .32 of the tested papers, and the reference. */
  private static final double HALF_GOOD = 0.56;

  private static final int SMOKE_EPOCHS = 4;
  private static final int EPOCHS = 200;
  private static final Set<Integer> RECORDED_EPOCHS =
      Set.of(0, 1, 2, 3, 5, 8, 12, 18, 25, 35, 50, 70, 100, 140, 200);

  private final Scale scale;
  private final Map<Integer, Integer> learnable;
  private final Map<Integer, Integer> tested;
  private final List<Integer> pool;
  private final NDManager manager = NDManager.newBaseManager();
  private final Words words;
  private final NDArray withSelf;
  private final NDArray withoutSelf;
  private final Trainings<PlanetoidRecipe> trainings = new Trainings<>();

  /**
   * Prepares the data, and trains nothing yet.
   *
   * @param data more than 512 papers outside training and test
   * @param scale how much is trained
   */
  public PlanetoidTask(Cora data, Scale scale) {
    this.scale = scale;
    learnable = topics(data, Cora.Part.TRAIN);
    tested = topics(data, Cora.Part.TEST);
    pool = new ArrayList<>(topics(data, Cora.Part.NONE).keySet());
    pool.addAll(topics(data, Cora.Part.VALIDATION).keySet());
    Collections.shuffle(pool, new Random(0));
    words = new Words(data, manager);
    withSelf = Links.AVERAGE_WITH_SELF.of(data, manager);
    withoutSelf = Links.AVERAGE.of(data, manager);
    addReferences(scale == Scale.SMOKE ? 8 : 64);
    addRuns();
  }

  private static Map<Integer, Integer> topics(Cora data, Cora.Part part) {
    Map<Integer, Integer> topics = new LinkedHashMap<>();
    IntStream.range(0, data.parts().size())
        .filter(paper -> data.parts().get(paper) == part)
        .forEach(paper -> topics.put(paper, data.topics().get(paper)));
    return topics;
  }

  private void addReferences(int width) {
    add(REFERENCE, Role.REFERENCE, good(2, width, 0));
    add("ceiling", Role.CEILING, good(2, width, 1));
    add("mediocre", Role.MEDIOCRE, good(2, width, 2));
    add("untrained", Role.UNTRAINED, good(2, width, 3));
    add("gcn2", Role.OTHER_ARCHITECTURE, good(8, width, 4));
  }

  private static PlanetoidRecipe good(int layers, int width, int seed) {
    return new PlanetoidRecipe(layers, width, 0.5, true, 0.01f, 5e-4f, MOST_LABELS, 0, seed);
  }

  private void addRuns() {
    int count =
        switch (scale) {
          case SMOKE -> 3;
          case REPORT -> 48;
          case FULL -> 240;
        };
    Draw draw = new Draw(0);
    List<Integer> widths = draw.inTurn(count, List.of(4, 8, 16, 32, 64));
    List<Double> dropouts = draw.inTurn(count, List.of(0.0, 0.5, 0.8));
    List<Boolean> adam = draw.inTurn(count, List.of(true, false));
    List<Float> rates = draw.inTurn(count, List.of(0.003f, 0.01f, 0.03f));
    List<Float> decays = draw.inTurn(count, List.of(0f, 5e-4f, 5e-3f));
    List<Integer> labels = draw.inTurn(count, List.of(2, 5, 10, 20));
    List<Double> noises = draw.inTurn(count, List.of(0.0, 0.3, 0.6));
    for (int i = 0; i < count; i++) {
      PlanetoidRecipe recipe =
          new PlanetoidRecipe(
              2,
              widths.get(i),
              dropouts.get(i),
              adam.get(i),
              adam.get(i) ? rates.get(i) : 30 * rates.get(i),
              decays.get(i),
              labels.get(i),
              noises.get(i),
              100 + i);
      add("run-%03d".formatted(i), Role.RUN, recipe);
    }
  }

  private void add(String name, Role role, PlanetoidRecipe recipe) {
    trainings.add(recipe.run(name, role, REFERENCE), recipe);
  }

  @Override
  public String name() {
    return "cora-planetoid";
  }

  @Override
  public String description() {
    return """
        Cora again, with the split of Yang et al. (2016): the topic of 2,708 papers, of which 20 \
        of each topic may be learnt from, by the network of Kipf and Welling (ICLR 2017), two \
        graph convolutions. Accuracy is that on the 1,000 test papers; anchors and probes are \
        papers that are neither learnt from nor tested. The monitored layer is the first \
        convolution, before its ReLU (`encoder`) or after it (`activation`). Varied, each value \
        equally often and combined at random over %d runs: width (4 to 64), dropout (0, 0.5, 0.8), \
        optimiser (Adam, SGD with \
        momentum), learning rate, weight decay, labels for each topic (2 to 20), the share of \
        labels replaced at random (0, 0.3, 0.6), and with each run the seed. %d epochs, all \
        papers in one step. The reference: width 64, all labels, the settings of the paper."""
        .formatted(runs().stream().filter(run -> run.role() == Role.RUN).count(), epochs());
  }

  @Override
  public List<Run> runs() {
    return trainings.runs();
  }

  @Override
  public List<View> views() {
    return View.ofLayers(this, "Cora, 140 labels");
  }

  /** The papers that are embedded, in order. */
  List<Integer> pool() {
    return List.copyOf(pool);
  }

  @Override
  public int anchorPool() {
    return ANCHOR_POOL;
  }

  @Override
  public int probes() {
    return Math.min(Task.super.probes(), pool.size() - ANCHOR_POOL);
  }

  @Override
  public void train(Run run, Recorder recorder) {
    PlanetoidRecipe recipe = trainings.recipe(run);
    try (NodeTraining training =
        new NodeTraining(
            recipe.network(),
            words,
            recipe.layers() == 2 ? withSelf : withoutSelf,
            new NodeTraining.Parts(recipe.learnt(learnable), tested, pool),
            new NodeTrainer.Recipe(recipe.optimizer(), recipe.dropout(), recipe.seed()))) {
      record(training, run.role(), recorder);
    }
  }

  private void record(NodeTraining training, Role role, Recorder recorder) {
    switch (role) {
      case RUN -> training.record(epochs(), this::isRecorded, recorder);
      case UNTRAINED -> training.record(0, epoch -> true, recorder);
      case MEDIOCRE -> training.recordOnce(HALF_GOOD, epochs(), recorder);
      case REFERENCE, CEILING, OTHER_ARCHITECTURE ->
          training.record(epochs(), epoch -> epoch == epochs(), recorder);
    }
  }

  private int epochs() {
    return scale == Scale.SMOKE ? SMOKE_EPOCHS : EPOCHS;
  }

  private boolean isRecorded(int epoch) {
    return scale == Scale.SMOKE || RECORDED_EPOCHS.contains(epoch);
  }

  @Override
  public void close() {
    manager.close();
  }
}
