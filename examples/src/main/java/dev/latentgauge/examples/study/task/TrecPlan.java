package dev.latentgauge.examples.study.task;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import dev.latentgauge.examples.study.task.text.WordVectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How one network for questions is made and trained.
 *
 * @param name the name of the run
 * @param role what it is for
 * @param reference the run that it is compared with
 * @param input what it sees of a question
 * @param layers its layers, and how they are trained
 * @param questions how many it is trained on
 * @param wrongLabels the share of wrong labels among them
 * @param steps the number of updates
 * @param seed decides on weights, order and wrong labels
 */
record TrecPlan(
    String name,
    Role role,
    String reference,
    Input input,
    Hyperparameters layers,
    int questions,
    double wrongLabels,
    int steps,
    int seed) {

  private static final int STEPS = 600;
  private static final int BATCH = 64;
  private static final int WORD_DIMENSIONS = 64;
  private static final int CHANNELS = 32;
  private static final int DRAW_SEED = 2;
  private static final int RUNS = 96;
  private static final List<Double> NOISE = List.of(0.0, 0.3, 0.0, 0.6);

  /** From too slow over good to too fast, under either optimiser. */
  private static final List<Optimization> TRAININGS =
      List.of(
          new Optimization(Optimization.Kind.ADAM, 0.0001),
          new Optimization(Optimization.Kind.ADAM, 0.0005),
          new Optimization(Optimization.Kind.ADAM, 0.001),
          new Optimization(Optimization.Kind.ADAM, 0.003),
          new Optimization(Optimization.Kind.ADAM, 0.02),
          new Optimization(Optimization.Kind.SGD, 0.003),
          new Optimization(Optimization.Kind.SGD, 0.01),
          new Optimization(Optimization.Kind.SGD, 0.03),
          new Optimization(Optimization.Kind.SGD, 0.1),
          new Optimization(Optimization.Kind.SGD, 0.5));

  private static final Hyperparameters.Choices CHOICES =
      new Hyperparameters.Choices(
          List.of(8, 32, 128), List.of(1, 2, 3), List.of(16, 32, 64), TRAININGS);

  /** What a network sees of a question. */
  enum Input {
    /** The embedding by a frozen MiniLM. */
    MINILM,
    /** The embedding by a frozen E5. */
    E5,
    /** The mean of vectors of its words, which are learnt. */
    WORDS,
    /** Windows of its words, whose vectors are learnt. */
    WINDOWS;

    /** The reference whose network sees the same. */
    private String reference() {
      return "reference-" + label();
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * All trainings: the references and what belongs to them, then runs whose settings are drawn at
   * random, except that inputs, references, numbers of questions and label noise take turns: each
   * combination of these occurs as often as any other, and half of the runs have right labels.
   *
   * @param questions how many there are to train on
   */
  static List<TrecPlan> all(Scale scale, int questions) {
    int steps = scale == Scale.SMOKE ? STEPS / 20 : STEPS;
    List<TrecPlan> plans = new ArrayList<>();
    plans.addAll(references(Input.MINILM, Input.WINDOWS, questions, steps));
    plans.addAll(references(Input.E5, Input.WORDS, questions, steps));
    int count =
        switch (scale) {
          case SMOKE -> 3;
          case REPORT -> RUNS;
          case FULL -> 2 * RUNS;
        };
    List<Integer> sizes =
        List.of(100, 400, 1_500, questions).stream().map(n -> Math.min(n, questions)).toList();
    Draw draw = new Draw(DRAW_SEED);
    for (int i = 0; i < count; i++) {
      plans.add(drawn(draw, i, sizes, steps));
    }
    return plans;
  }

  private static TrecPlan drawn(Draw draw, int i, List<Integer> sizes, int steps) {
    int turn = i / 3;
    int size = turn % sizes.size();
    int noise = turn / sizes.size() % NOISE.size();
    int half = turn / sizes.size() / NOISE.size() % 2;
    Input input =
        switch (i % 3) {
          case 0 -> Input.MINILM;
          case 1 -> Input.E5;
          default -> (size + noise / 2 + half) % 2 == 0 ? Input.WORDS : Input.WINDOWS;
        };
    boolean own = (size + noise + half) % 2 == 0;
    Input compared = own == (input == Input.E5) ? Input.E5 : Input.MINILM;
    return new TrecPlan(
        "run-%03d".formatted(i),
        Role.RUN,
        compared.reference(),
        input,
        Hyperparameters.drawn(draw, CHOICES),
        sizes.get(size),
        NOISE.get(noise),
        steps,
        100 + i);
  }

  /** A reference, and what the study holds against it. */
  private static List<TrecPlan> references(Input input, Input other, int questions, int steps) {
    TrecPlan good =
        new TrecPlan(
            input.reference(),
            Role.REFERENCE,
            input.reference(),
            input,
            new Hyperparameters(
                256,
                1,
                Nonlinearity.RELU,
                false,
                0.5,
                32,
                new Optimization(Optimization.Kind.ADAM, 0.001)),
            questions,
            0,
            steps * 3 / 2,
            1);
    return List.of(
        good,
        good.as(Role.CEILING, input, questions, 0, good.steps, 2),
        good.as(Role.UNTRAINED, input, questions, 0, 0, 3),
        good.as(Role.MEDIOCRE, input, Math.min(100, questions), 0.6, steps / 5, 4),
        good.as(Role.OTHER_ARCHITECTURE, other, questions, 0, good.steps, 5));
  }

  private TrecPlan as(Role as, Input sees, int count, double noise, int updates, int seeded) {
    return new TrecPlan(
        "%s-%s".formatted(as.label(), input.label()),
        as,
        reference,
        sees,
        layers,
        count,
        noise,
        updates,
        seeded);
  }

  Run run() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("architecture", input.name());
    settings.putAll(layers.settings());
    settings.put("examples", Integer.toString(questions));
    settings.put("label_noise", Double.toString(wrongLabels));
    settings.put("seed", Integer.toString(seed));
    return new Run(name, role, reference, settings);
  }

  /**
   * What {@link Classification} needs.
   *
   * @param words the size of the vocabulary
   */
  Recipe recipe(int words) {
    return new Recipe(
        () -> encoder(words),
        layers.activation()::block,
        layers.training()::optimizer,
        questions,
        wrongLabels,
        Math.min(BATCH, questions),
        steps,
        seed);
  }

  private Block encoder(int words) {
    SequentialBlock encoder = new SequentialBlock();
    switch (input) {
      case WORDS -> encoder.add(WordVectors.mean(words, WORD_DIMENSIONS));
      case WINDOWS -> encoder.add(WordVectors.windows(words, WORD_DIMENSIONS, CHANNELS));
      case MINILM, E5 -> {}
    }
    layers.addHiddenLayers(encoder, layer -> layers.dense());
    layers.addMonitoredLayer(encoder);
    return encoder;
  }
}
