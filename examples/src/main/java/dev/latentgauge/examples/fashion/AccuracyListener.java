package dev.latentgauge.examples.fashion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.examples.data.LabelledImages;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes down the true accuracy on test images, at the steps at which the monitor measures.
 *
 * <p>This is what a monitor does without: it exists to show that the score follows a number that it
 * never saw.
 */
public final class AccuracyListener extends TrainingListenerAdapter {

  private static final int BATCH = 500;

  private final LabelledImages test;
  private final int some;
  private final int every;
  private final SortedMap<Long, Double> accuracies = new TreeMap<>();
  private long batches;

  /**
   * Prepares to write down.
   *
   * @param test the test images, all of which count at the end of the training
   * @param some how many of them count while it lasts
   * @param every how many steps lie between
   */
  public AccuracyListener(LabelledImages test, int some, int every) {
    this.test = test;
    this.some = some;
    this.every = every;
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    long steps = batches++;
    if (steps % every == 0) {
      accuracies.put(steps, accuracy(trainer, test.rows(0, some)));
    }
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    accuracies.put(batches, accuracy(trainer, test));
  }

  /**
   * The accuracies so far.
   *
   * @return accuracies from 0 to 1, by step; the last is over all test images
   */
  public SortedMap<Long, Double> accuracies() {
    return accuracies;
  }

  private static double accuracy(Trainer trainer, LabelledImages images) {
    Block block = trainer.getModel().getBlock();
    long right = 0;
    for (int from = 0; from < images.size(); from += BATCH) {
      try (NDManager scratch = trainer.getManager().newSubManager()) {
        LabelledImages batch = images.rows(from, Math.min(from + BATCH, images.size()));
        NDList input = new NDList(batch.images(scratch));
        NDArray classes =
            block
                .forward(new ParameterStore(scratch, false), input, false)
                .singletonOrThrow()
                .argMax(1);
        right += classes.eq(batch.labels(scratch)).countNonzero().getLong();
      }
    }
    return (double) right / images.size();
  }
}
