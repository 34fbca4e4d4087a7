package dev.latentgauge.examples.guided;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Description;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RelativeSimilarityLoss;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Adds the relative similarity to a reference to the loss of a task, in a step written by hand.
 *
 * <p>Two trainings with the same few labels and the same first weights: one by the labels alone,
 * and one that also draws its embeddings of unlabelled images towards how a well trained model
 * relates them. A score that is an objective is no longer a measure, so what is printed is the
 * score by anchors and probes that the loss has never seen.
 *
 * <p>{@code examples/guided.sh} runs it.
 */
@Command(
    name = "guided",
    mixinStandardHelpOptions = true,
    description =
        "Trains with few labels, alone and guided by a reference, and shows score and accuracy.")
public final class GuidedTraining implements Callable<Integer> {

  private static final int BATCH = 64;
  private static final int ANCHORS = 64;
  private static final int PROBES = 192;
  private static final int FIRST_PROBE_IMAGE = 50_000;
  private static final int FIRST_LABELLED_IMAGE = 40_000;
  private static final int MOST_LABELS = FIRST_PROBE_IMAGE - FIRST_LABELLED_IMAGE;
  private static final int PROBE_IMAGES = 5_000;
  private static final Shape INPUT = new Shape(1, 1, 28, 28);

  @Mixin private ImagesOption data = new ImagesOption();

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "400",
      description = "Updates of each training (default: ${DEFAULT-VALUE}).")
  private int steps = 400;

  @Option(
      names = "--labels",
      paramLabel = "N",
      defaultValue = "256",
      description = "How many labelled images they get, at least 64 (default: ${DEFAULT-VALUE}).")
  private int labels = 256;

  @Option(
      names = "--weight",
      paramLabel = "W",
      defaultValue = "1",
      description = "What the similarity counts beside the task (default: ${DEFAULT-VALUE}).")
  private float weight = 1;

  private GuidedTraining() {}

  /**
   * Runs the example.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GuidedTraining()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (labels < BATCH || labels > MOST_LABELS || steps < 1 || !(weight > 0)) {
      System.err.printf(
          "guided: --labels must be from %d to %d, --steps at least 1 and --weight above 0%n",
          BATCH, MOST_LABELS);
      return CommandLine.ExitCode.USAGE;
    }
    FashionMnist images;
    try {
      images = data.images();
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    try (ProbeSet guiding = probes(images, 1);
        ProbeSet measuring = probes(images, 2);
        Model good = model("good", 256, 1)) {
      System.out.println("training the reference");
      train(
          good, images.train().rows(0, 100 * BATCH * 6), 100 * 6, Optional.empty(), 0, step -> {});
      try (Reference guide = Reference.of("guide", good, EncoderAndHead.EMBEDDING, guiding);
          Reference measure = Reference.of("measure", good, EncoderAndHead.EMBEDDING, measuring)) {
        LabelledImages few =
            images.train().rows(FIRST_LABELLED_IMAGE, FIRST_LABELLED_IMAGE + labels);
        for (float share : new float[] {0, weight}) {
          System.out.printf(
              Locale.ROOT,
              "%n%s%n%8s %10s %10s%n",
              share == 0 ? "by labels alone" : "guided by the reference",
              "step",
              "score",
              "accuracy");
          try (Model model = model("run", 128, 2)) {
            Report report = step -> print(step, model, measure, measuring, images.test());
            train(model, few, steps, Optional.of(guide), share, report);
          }
        }
      }
    }
    return 0;
  }

  /** Anchors and probes from training images whose labels nobody reads. */
  private static ProbeSet probes(FashionMnist images, int seed) {
    try (NDManager manager = NDManager.newBaseManager()) {
      int from = FIRST_PROBE_IMAGE + PROBE_IMAGES * (seed - 1);
      return ProbeSet.sample(
          images
              .train()
              .rows(from, from + PROBE_IMAGES)
              .dataset(manager, new BatchSampler(new SequenceSampler(), 1)),
          ANCHORS,
          PROBES,
          seed);
    }
  }

  private static Model model(String name, int units, int seed) {
    Engine.getInstance().setRandomSeed(seed);
    Model model = Model.newInstance(name);
    model.setBlock(new EncoderAndHead(units));
    return model;
  }

  /** What is done before some of the updates. */
  private interface Report {
    void at(int step);
  }

  private static void train(
      Model model,
      LabelledImages images,
      int steps,
      Optional<Reference> guide,
      float weight,
      Report report) {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build());
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(INPUT);
      Optional<Guidance> guidance =
          guide
              .filter(reference -> weight > 0)
              .map(reference -> new Guidance(reference, trainer.getManager(), weight));
      for (int step = 0; step < steps; step++) {
        if (step % Math.max(1, steps / 5) == 0) {
          report.at(step);
        }
        int from = step * BATCH % (images.size() - BATCH + 1);
        step(trainer, images.rows(from, from + BATCH), guidance);
      }
      report.at(steps);
    }
  }

  /** One update: the task's loss on labelled images, and the guidance on unlabelled ones. */
  private static void step(Trainer trainer, LabelledImages batch, Optional<Guidance> guidance) {
    try (NDManager scratch = trainer.getManager().newSubManager()) {
      NDArray labelled = batch.images(scratch);
      NDArray all =
          guidance.map(g -> NDArrays.concat(new NDList(labelled, g.inputs()))).orElse(labelled);
      all.attach(scratch);
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList answered = trainer.forward(new NDList(all));
        answered.attach(scratch);
        NDArray classes = answered.get(0).get(new NDIndex().addSliceDim(0, BATCH));
        NDArray loss =
            trainer.getLoss().evaluate(new NDList(batch.labels(scratch)), new NDList(classes));
        if (guidance.isPresent()) {
          NDArray embedded =
              answered.get(1).get(new NDIndex().addSliceDim(BATCH, all.getShape().get(0)));
          loss = loss.add(guidance.get().loss(embedded));
        }
        gradients.backward(loss);
      }
      trainer.step();
    }
  }

  private static void print(
      int step, Model model, Reference reference, ProbeSet probes, LabelledImages test) {
    try (NDManager scratch = NDManager.newBaseManager();
        RunGauge gauge = reference.runGauge(scratch)) {
      Description description = Description.of(model, EncoderAndHead.EMBEDDING, probes, scratch);
      Outcome outcome = gauge.read(description).measurement().outcome();
      System.out.printf(
          Locale.ROOT, "%8d %10s %10.3f%n", step, text(outcome), accuracy(model, test, scratch));
    }
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Score score
        ? String.format(Locale.ROOT, "%.3f", score.value())
        : "undefined";
  }

  private static double accuracy(Model model, LabelledImages test, NDManager manager) {
    NDArray classes =
        model
            .getBlock()
            .forward(new ParameterStore(manager, false), new NDList(test.images(manager)), false)
            .get(0)
            .argMax(1);
    return (double) classes.eq(test.labels(manager)).countNonzero().getLong() / test.size();
  }

  /** Unlabelled images, and how far their embeddings are from agreeing with the reference. */
  private static final class Guidance {

    private final NDArray inputs;
    private final RelativeSimilarityLoss loss;

    Guidance(Reference reference, NDManager manager, float weight) {
      ProbeSet probes = reference.probes().orElseThrow();
      this.inputs =
          NDArrays.concat(new NDList(probes.anchors().head(), probes.probes().head()))
              .toDevice(manager.getDevice(), true);
      this.inputs.attach(manager);
      this.loss = new RelativeSimilarityLoss(reference, manager, weight);
    }

    NDArray inputs() {
      return inputs;
    }

    NDArray loss(NDArray embeddings) {
      return loss.evaluate(new NDList(), new NDList(embeddings));
    }
  }
}
