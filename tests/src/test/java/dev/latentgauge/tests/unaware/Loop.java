package dev.latentgauge.tests.unaware;

import ai.djl.ndarray.NDArray;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;

/** Ways in which people train. */
enum Loop {
  /** DJL's own loop. */
  FIT {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      EasyTrain.fit(trainer, epochs, data.train(), data.validate());
    }
  },
  /** A loop that tells listeners of nothing. */
  BY_HAND {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (Batch batch : trainer.iterateDataset(data.train())) {
          backward(trainer, batch, 1);
          trainer.step();
          batch.close();
        }
        validate(trainer, data);
      }
    }
  },
  /** DJL's own loop for an epoch, then one by hand. */
  FIT_THEN_BY_HAND {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      FIT.run(trainer, data, 1);
      BY_HAND.run(trainer, data, epochs - 1);
    }
  },
  /** No training at all. */
  EVALUATION {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      validate(trainer, data);
    }
  },
  /** As by hand, but the update is made while gradients are still recorded. */
  STEP_WHILE_RECORDING {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (Batch batch : trainer.iterateDataset(data.train())) {
          backward(trainer, batch, 1, trainer::step);
          batch.close();
        }
        validate(trainer, data);
      }
    }
  },
  /** One update for the gradients of several batches. */
  ACCUMULATING {
    @Override
    void run(Trainer trainer, Data data, int epochs) throws Exception {
      for (int epoch = 0; epoch < epochs; epoch++) {
        int batches = 0;
        for (Batch batch : trainer.iterateDataset(data.train())) {
          backward(trainer, batch, ACCUMULATED);
          batches++;
          if (batches % ACCUMULATED == 0) {
            trainer.step();
          }
          batch.close();
        }
      }
    }
  };

  static final int ACCUMULATED = 4;

  abstract void run(Trainer trainer, Data data, int epochs) throws Exception;

  private static void backward(Trainer trainer, Batch batch, int share) {
    backward(trainer, batch, share, () -> {});
  }

  private static void backward(Trainer trainer, Batch batch, int share, Runnable whileRecording) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray loss =
          trainer.getLoss().evaluate(batch.getLabels(), trainer.forward(batch.getData()));
      // Not div(int): DJL lets go of the number's memory before the backward pass reads it.
      collector.backward(loss.div(loss.getManager().create((float) share)));
      whileRecording.run();
    }
  }

  private static void validate(Trainer trainer, Data data) throws Exception {
    for (Batch batch : trainer.iterateDataset(data.validate())) {
      trainer.evaluate(batch.getData()).close();
      batch.close();
    }
  }
}
