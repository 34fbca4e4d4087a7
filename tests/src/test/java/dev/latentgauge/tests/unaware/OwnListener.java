package dev.latentgauge.tests.unaware;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;

/** A training with a listener of its own, which may end it in a bad moment. */
public final class OwnListener extends TrainingListenerAdapter {

  private static final int BAD_MOMENT = 100;
  private static final int EPOCHS = 3;

  private final Trouble trouble;
  private int batches;

  private enum Trouble {
    NONE {
      @Override
      void make() {}
    },
    THROWS {
      @Override
      void make() {
        throw new IllegalStateException("the disk is lost");
      }
    },
    THROWS_ONCE {
      @Override
      void make() {
        throw new IllegalStateException("the disk is full");
      }
    },
    EXITS {
      @Override
      void make() {
        System.exit(3);
      }
    };

    abstract void make();
  }

  private OwnListener(Trouble trouble) {
    this.trouble = trouble;
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData data) {
    batches++;
    if (batches == BAD_MOMENT) {
      trouble.make();
    }
  }

  /** Trains, and gets into the trouble that is named. */
  public static void main(String[] arguments) throws Exception {
    Engine.getInstance().setRandomSeed(1);
    OwnListener listener = new OwnListener(Trouble.valueOf(arguments[0]));
    try (Model model = Model.newInstance("own");
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(new Network());
      Data data = Data.draw(manager);
      try (Trainer trainer =
          model.newTrainer(SmallTraining.config().addTrainingListeners(listener))) {
        trainer.initialize(new Shape(1, Data.COORDINATES));
        fit(trainer, data, listener.trouble);
      }
    }
    System.out.println(listener.batches + " batches");
  }

  private static void fit(Trainer trainer, Data data, Trouble trouble) throws Exception {
    try {
      EasyTrain.fit(trainer, EPOCHS, data.train(), data.validate());
    } catch (IllegalStateException e) {
      if (trouble != Trouble.THROWS_ONCE) {
        throw e;
      }
      EasyTrain.fit(trainer, EPOCHS, data.train(), data.validate());
    }
  }
}
