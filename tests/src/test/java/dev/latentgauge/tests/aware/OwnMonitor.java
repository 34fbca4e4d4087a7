package dev.latentgauge.tests.aware;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.JsonLinesReporter;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.reference.Reference;
import java.nio.file.Path;
import java.util.Arrays;

/** Trains with a monitor of its own, and prints the weights: {@code REFERENCE REPORTS CADENCE}. */
public final class OwnMonitor {

  /** The layer that it measures, and the name of its run. */
  public static final String LAYER = "01Linear";

  public static final String RUN = "own";
  private static final int ROWS = 2048;
  private static final int COORDINATES = 8;

  private OwnMonitor() {}

  /** Trains. */
  public static void main(String[] arguments) throws Exception {
    Engine.getInstance().setRandomSeed(7);
    try (Reference reference = Reference.load(Path.of(arguments[0]));
        Model model = Model.newInstance("own");
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(16).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(1).build()));
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .run(RunInfo.named(RUN))
              .layer(Layer.named(LAYER))
              .cadence(Cadence.parse(arguments[2]))
              .reportTo(JsonLinesReporter.to(Path.of(arguments[1])))
              .build();
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(new SquaredError()).addTrainingListeners(monitor);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, COORDINATES));
        EasyTrain.fit(trainer, 1, data(manager), null);
      }
      NDArray weights = model.getBlock().getParameters().valueAt(0).getArray();
      System.out.println("weights: " + Arrays.hashCode(weights.toFloatArray()));
    }
  }

  private static ArrayDataset data(NDManager manager) {
    NDArray points = manager.randomNormal(new Shape(ROWS, COORDINATES));
    return new ArrayDataset.Builder()
        .setData(points)
        .optLabels(points.get(":, 0:1").abs())
        .setSampling(32, true)
        .build();
  }

  /**
   * The mean of squared errors. DJL's own multiplies by a number whose memory it lets go of before
   * the backward pass reads it, so that two trainings may differ.
   */
  private static final class SquaredError extends Loss {

    SquaredError() {
      super("squared error");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      NDArray expected = labels.singletonOrThrow();
      NDArray predicted = predictions.singletonOrThrow();
      return expected.reshape(predicted.getShape()).sub(predicted).square().mean();
    }
  }
}
