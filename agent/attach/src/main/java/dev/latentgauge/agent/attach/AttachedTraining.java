package dev.latentgauge.agent.attach;

import ai.djl.ndarray.NDList;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import java.io.IOException;

/** A training of the program: what DJL tells its listeners, and what the changed methods tell. */
interface AttachedTraining extends TrainingListener {

  /** The parameters have got their first values. */
  default void initialized(Trainer trainer) {}

  /** A pass over a data set is about to begin, to train with it or to evaluate it. */
  default void passBegins() {}

  /** Inputs are about to be evaluated, as for a validation. */
  default void evaluates(NDList inputs) {}

  /**
   * The parameters are about to be updated.
   *
   * @throws EarlyStoppedException to stop the training
   * @throws IllegalArgumentException if it cannot be monitored
   * @throws IOException if a reference cannot be read
   */
  void stepBegins(Trainer trainer) throws IOException;

  /** A fit is about to begin; answers whether it shall, as it shall not after a stop. */
  default boolean fitBegins() {
    return true;
  }

  /** A fit has come to its end by itself. */
  default void fitEnds() {}

  /**
   * A fit is ended by an exception.
   *
   * @return whether it is that of a stop, after which the program goes on as after a whole fit
   */
  default boolean endsQuietly(Throwable exception) {
    return false;
  }

  /** The process ends before the training; on a thread of its own. */
  default void processEnds() {}

  @Override
  default void onEpoch(Trainer trainer) {}

  @Override
  default void onTrainingBatch(Trainer trainer, BatchData batchData) {}

  @Override
  default void onValidationBatch(Trainer trainer, BatchData batchData) {}
}
