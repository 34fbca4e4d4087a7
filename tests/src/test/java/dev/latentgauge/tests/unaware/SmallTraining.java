package dev.latentgauge.tests.unaware;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import java.util.zip.CRC32;

/**
 * Trains a small network, and prints a checksum of its weights: {@code LOOP EPOCHS SEED
 * [MODEL...]}, one training a model. {@code LOOP+LOOP} is one trainer after the other for each.
 */
public final class SmallTraining {

  private SmallTraining() {}

  /** Trains. */
  public static void main(String[] arguments) throws Exception {
    Engine.getInstance().setRandomSeed(Integer.parseInt(arguments[2]));
    int epochs = Integer.parseInt(arguments[1]);
    if (arguments.length == 3) {
      train(arguments[0].split("\\+"), epochs, "small");
    }
    for (int i = 3; i < arguments.length; i++) {
      train(arguments[0].split("\\+"), epochs, arguments[i]);
    }
  }

  private static void train(String[] loops, int epochs, String name) throws Exception {
    try (Model model = Model.newInstance(name);
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(new Network());
      Data data = Data.draw(manager);
      for (String loop : loops) {
        try (Trainer trainer = model.newTrainer(config())) {
          trainer.initialize(new Shape(1, Data.COORDINATES));
          Loop.valueOf(loop).run(trainer, data, epochs);
          System.out.println("the program goes on");
        }
      }
      System.out.println("weights of " + name + ": " + checksum(model));
    }
  }

  static DefaultTrainingConfig config() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(
            Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).optMomentum(0.9f).build())
        .addTrainingListeners(TrainingListener.Defaults.basic());
  }

  private static long checksum(Model model) {
    CRC32 checksum = new CRC32();
    for (Pair<String, Parameter> parameter : model.getBlock().getParameters()) {
      checksum.update(parameter.getValue().getArray().toByteArray());
    }
    return checksum.getValue();
  }
}
