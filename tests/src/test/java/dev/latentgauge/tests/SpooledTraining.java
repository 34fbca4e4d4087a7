package dev.latentgauge.tests;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.loss.Loss;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.Backlog;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A training on random numbers that does as many steps as it is told on standard input, and ends
 * with it; it prints each observation that its reporter has taken.
 */
final class SpooledTraining {

  static final String RUN = "spooled";
  private static final Layer ENCODER = Layer.named("01Linear");

  private SpooledTraining() {}

  /** Prints what another reporter has taken, once that has returned. */
  private record Announcing(Reporter reporter) implements Reporter {
    @Override
    public void begin(RunInfo run) throws IOException, InterruptedException {
      reporter.begin(run);
    }

    @Override
    public void observed(RunInfo run, List<Observation> observations)
        throws IOException, InterruptedException {
      reporter.observed(run, observations);
      for (Observation observation : observations) {
        System.out.println("taken " + run.attempt() + "/" + observation.key().step() + " .");
      }
    }

    @Override
    public void end(RunInfo run, RunEnd end) throws IOException, InterruptedException {
      reporter.end(run, end);
    }

    @Override
    public Optional<Directive> directive() {
      return reporter.directive();
    }

    @Override
    public Backlog backlog() {
      return reporter.backlog();
    }

    @Override
    public void close() {
      reporter.close();
    }
  }

  /** Arguments: address of the collector, folder of the spool, attempt, seconds to deliver. */
  public static void main(String[] arguments) throws Exception {
    try (NDManager manager = NDManager.newBaseManager()) {
      ArrayDataset dataset =
          new ArrayDataset.Builder()
              .setData(manager.randomNormal(new Shape(512, 8)))
              .optLabels(manager.zeros(new Shape(512)))
              .setSampling(8, false)
              .build();
      try (ProbeSet probes = ProbeSet.sample(dataset, 32, 64, 1);
          Model good = model(manager);
          Reference reference = Reference.of("random", good, ENCODER, probes);
          Model model = model(manager)) {
        TrainingMonitor monitor =
            TrainingMonitor.builder(reference)
                .layer(ENCODER)
                .cadence(Cadence.everyBatches(1))
                .run(RunInfo.named(RUN).withAttempt(Integer.parseInt(arguments[2])))
                .obeyDirectives(true)
                .deliveryTimeout(Duration.ofSeconds(Long.parseLong(arguments[3])))
                .reportTo(
                    new Announcing(
                        CollectorReporter.builder(URI.create(arguments[0]))
                            .spool(Path.of(arguments[1]))
                            .build()))
                .build();
        DefaultTrainingConfig config =
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).addTrainingListeners(monitor);
        try (Trainer trainer = model.newTrainer(config)) {
          trainer.initialize(new Shape(1, 8));
          train(trainer, dataset);
        } catch (EarlyStoppedException e) {
          System.out.println("stopped, as " + e.getMessage());
        }
      }
    }
  }

  private static void train(Trainer trainer, ArrayDataset dataset) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready now");
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      int left = Integer.parseInt(line);
      while (left > 0) {
        for (Batch batch : trainer.iterateDataset(dataset)) {
          if (left-- > 0) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
          }
          batch.close();
        }
      }
    }
  }

  private static Model model(NDManager manager) {
    Model model = Model.newInstance("random");
    model.setBlock(
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(Linear.builder().setUnits(2).build()));
    model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 8));
    return model;
  }
}
