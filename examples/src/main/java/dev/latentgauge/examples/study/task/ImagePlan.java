package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one network for images is made and trained.
 *
 * @param name the name of the run
 * @param role what it is for
 * @param network its kind
 * @param layers its layers, and how they are trained
 * @param images how many it is trained on
 * @param wrongLabels the share of wrong labels among them
 * @param batch the size of a batch
 * @param steps the number of updates
 * @param seed decides on weights, order and wrong labels
 */
record ImagePlan(
    String name,
    Role role,
    Kind network,
    Hyperparameters layers,
    int images,
    double wrongLabels,
    int batch,
    int steps,
    int seed) {

  private static final String REFERENCE = "reference";
  private static final int DRAW_SEED = 1;
  private static final List<Double> NOISE = List.of(0.0, 0.3, 0.6);

  /** The kinds of networks. */
  enum Kind {
    MLP,
    CNN;

    private Hyperparameters.Choices choices() {
      return new Hyperparameters.Choices(
          this == MLP ? List.of(16, 64, 256) : List.of(16, 32),
          this == MLP ? List.of(1, 2, 3) : List.of(1, 2),
          List.of(32, 64, 128),
          Optimization.GRID);
    }
  }

  /**
   * All trainings of a task: the references, then runs whose settings are drawn at random, except
   * that kinds, amounts of data and label noise take turns.
   */
  static List<ImagePlan> all(Scale scale, int runs, List<Integer> sizes, int steps, int batch) {
    int length = scale == Scale.SMOKE ? steps / 20 : steps;
    List<ImagePlan> plans = new ArrayList<>(references(sizes.get(sizes.size() - 1), length, batch));
    int count = scale == Scale.SMOKE ? 3 : runs;
    Draw draw = new Draw(DRAW_SEED);
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.values()[i % 2];
      int size = sizes.get(i / 2 % sizes.size());
      double noise = NOISE.get(i / 2 / sizes.size() % NOISE.size());
      plans.add(drawn(draw, i, kind, size, noise, length, batch));
    }
    return plans;
  }

  private static ImagePlan drawn(
      Draw draw, int i, Kind kind, int size, double noise, int steps, int batch) {
    return new ImagePlan(
        "run-%03d".formatted(i),
        Role.RUN,
        kind,
        Hyperparameters.drawn(draw, kind.choices()),
        size,
        noise,
        Math.min(batch, size),
        steps,
        100 + i);
  }

  private static List<ImagePlan> references(int images, int steps, int batch) {
    ImagePlan good =
        new ImagePlan(
            REFERENCE,
            Role.REFERENCE,
            Kind.CNN,
            new Hyperparameters(
                32,
                2,
                Nonlinearity.RELU,
                true,
                0.3,
                64,
                new Optimization(Optimization.Kind.ADAM, 0.001)),
            images,
            0,
            batch,
            3 * steps,
            1);
    return List.of(
        good,
        good.as("ceiling", Role.CEILING, Kind.CNN, good.steps, 0, 2),
        good.as("untrained", Role.UNTRAINED, Kind.CNN, 0, 0, 3),
        good.as("mediocre", Role.MEDIOCRE, Kind.MLP, Math.max(1, steps / 5), 0.3, 4)
            .withImages(Math.max(batch, images / 100)),
        good.as("other-architecture", Role.OTHER_ARCHITECTURE, Kind.MLP, good.steps, 0, 5));
  }

  private ImagePlan as(String name, Role role, Kind kind, int steps, double noise, int seed) {
    return new ImagePlan(
        name,
        role,
        kind,
        kind == Kind.MLP ? layers.withWidth(256) : layers,
        images,
        noise,
        batch,
        steps,
        seed);
  }

  private ImagePlan withImages(int count) {
    return new ImagePlan(name, role, network, layers, count, wrongLabels, batch, steps, seed);
  }

  Run run() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("architecture", network.name());
    settings.putAll(layers.settings());
    settings.put("examples", Integer.toString(images));
    settings.put("label_noise", Double.toString(wrongLabels));
    settings.put("seed", Integer.toString(seed));
    return new Run(name, role, REFERENCE, settings);
  }

  Recipe recipe() {
    return new Recipe(
        this::encoder,
        layers.activation()::block,
        layers.training()::optimizer,
        images,
        wrongLabels,
        batch,
        steps,
        seed);
  }

  private Block encoder() {
    SequentialBlock encoder = new SequentialBlock();
    if (network == Kind.MLP) {
      encoder.add(Blocks.batchFlattenBlock());
    }
    layers.addHiddenLayers(
        encoder,
        layer -> network == Kind.MLP ? layers.dense() : convolution(layers.width() << layer));
    if (network == Kind.CNN) {
      encoder.add(Blocks.batchFlattenBlock());
    }
    layers.addMonitoredLayer(encoder);
    return encoder;
  }

  private static Block convolution(int channels) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(channels)
        .optPadding(new Shape(1, 1))
        .optStride(new Shape(2, 2))
        .build();
  }
}
