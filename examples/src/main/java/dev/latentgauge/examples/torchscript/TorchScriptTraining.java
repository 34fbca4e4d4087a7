package dev.latentgauge.examples.torchscript;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Fine-tunes an encoder that was traced in Python, and watches it.
 *
 * <p>Two encoders of one kind, with different first weights: the first is trained for longer and
 * becomes the reference, the second is the run. The monitor is attached to the layer that is the
 * traced module, as it would be to any other.
 *
 * <p>{@code examples/torchscript.sh} traces the encoders and runs it.
 */
@Command(
    name = "torchscript",
    mixinStandardHelpOptions = true,
    description = "Trains an encoder that was traced in Python, and shows its score on the way.")
public final class TorchScriptTraining implements Callable<Integer> {

  private static final int BATCH = 64;
  private static final int ANCHORS = 128;
  private static final int PROBES = 512;
  private static final int FIRST_PROBE_IMAGE = 50_000;
  private static final int MOST_STEPS = FIRST_PROBE_IMAGE / BATCH;
  private static final int MEASUREMENTS = 10;
  private static final int TEST_BATCH = 500;

  private final PrintStream out;

  @Option(
      names = "--encoders",
      paramLabel = "DIR",
      required = true,
      description = "Folder with reference.pt and run.pt, as trace_encoder.py writes them.")
  private Path encoders = Path.of(".");

  @Mixin private ImagesOption data = new ImagesOption();

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "300",
      description = "Updates of the run (default: ${DEFAULT-VALUE}).")
  private int steps = 300;

  @Option(
      names = "--reference-steps",
      paramLabel = "N",
      defaultValue = "750",
      description = "Updates of the reference (default: ${DEFAULT-VALUE}).")
  private int referenceSteps = 750;

  @Option(
      names = "--frozen",
      description = "Train the run's head alone, so that its score stays what it is.")
  private boolean frozen;

  @Option(
      names = "--collector",
      paramLabel = "URL",
      description = "Address of a collector to report to as well; none if not given.")
  private @Nullable URI collector;

  TorchScriptTraining(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the example.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TorchScriptTraining(System.out)).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, MalformedModelException {
    if (Math.min(steps, referenceSteps) < 1 || Math.max(steps, referenceSteps) > MOST_STEPS) {
      System.err.printf(
          "torchscript: --steps and --reference-steps must be from 1 to %d%n", MOST_STEPS);
      return CommandLine.ExitCode.USAGE;
    }
    FashionMnist images;
    try {
      images = data.images();
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    try (ProbeSet probes = probes(images);
        Reference reference = reference(images, probes)) {
      run(images, reference);
    }
    return 0;
  }

  /** Anchors and probes from training images that no training gets. */
  private static ProbeSet probes(FashionMnist images) {
    try (NDManager manager = NDManager.newBaseManager()) {
      LabelledImages heldOut = images.train().rows(FIRST_PROBE_IMAGE, images.train().size());
      return ProbeSet.sample(
          heldOut.dataset(manager, new BatchSampler(new SequenceSampler(), 1)),
          ANCHORS,
          PROBES,
          42);
    }
  }

  private Reference reference(FashionMnist images, ProbeSet probes)
      throws IOException, MalformedModelException {
    out.println("training the reference");
    try (TracedEncoder encoder = TracedEncoder.load(encoders.resolve("reference.pt"), true)) {
      train(encoder, images.train(), referenceSteps, 1);
      return Reference.of("torchscript", encoder.network(), TracedEncoder.MODULE, probes);
    }
  }

  private void run(FashionMnist images, Reference reference)
      throws IOException, MalformedModelException {
    out.println(frozen ? "training the head of the run" : "training the run");
    MonitorBuilder monitor =
        TrainingMonitor.builder(reference)
            .layer(TracedEncoder.MODULE)
            .cadence(Cadence.everyBatches(Math.max(1, steps / MEASUREMENTS)))
            .run(RunInfo.named("torchscript").withDataset("Fashion-MNIST"))
            .reportTo(new ScoreTable(out));
    if (collector != null) {
      monitor.reportTo(CollectorReporter.to(collector));
    }
    try (TracedEncoder encoder = TracedEncoder.load(encoders.resolve("run.pt"), !frozen)) {
      train(encoder, images.train(), steps, 2, monitor.build());
      out.printf(Locale.ROOT, "accuracy %.3f%n", accuracy(encoder, images.test()));
    }
  }

  private static void train(
      TracedEncoder encoder,
      LabelledImages images,
      int steps,
      int seed,
      TrainingListener... listeners)
      throws IOException {
    Engine.getInstance().setRandomSeed(seed);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(TrainingListener.Defaults.basic())
            .addTrainingListeners(listeners);
    try (NDManager manager = NDManager.newBaseManager();
        Trainer trainer = encoder.network().newTrainer(config)) {
      trainer.initialize(new Shape(1, 1, 28, 28));
      LabelledImages seen = images.rows(0, steps * BATCH);
      EasyTrain.fit(
          trainer,
          1,
          seen.dataset(manager, new BatchSampler(new RandomSampler(), BATCH, true)),
          null);
    } catch (TranslateException e) {
      throw new IllegalStateException("images must become batches, but did not", e);
    }
  }

  private static double accuracy(TracedEncoder encoder, LabelledImages test) {
    Block block = encoder.network().getBlock();
    long right = 0;
    for (int from = 0; from < test.size(); from += TEST_BATCH) {
      try (NDManager scratch = NDManager.newBaseManager()) {
        LabelledImages batch = test.rows(from, Math.min(from + TEST_BATCH, test.size()));
        NDArray classes =
            block
                .forward(
                    new ParameterStore(scratch, false), new NDList(batch.images(scratch)), false)
                .singletonOrThrow()
                .argMax(1);
        right += classes.eq(batch.labels(scratch)).countNonzero().getLong();
      }
    }
    return (double) right / test.size();
  }
}
