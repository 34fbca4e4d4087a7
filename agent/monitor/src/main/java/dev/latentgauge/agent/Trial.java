package dev.latentgauge.agent;

/**
 * One training as a search for hyperparameters sees it: an adapter to Optuna, Ray Tune, Vizier or a
 * loop of one's own implements it.
 *
 * <p>Both methods are called on the training thread, one after the other, for every check of an
 * {@link EarlyStopping}. What they throw is counted and logged, and the training goes on.
 */
public interface Trial {

  /**
   * Takes the value of a check.
   *
   * @param step optimiser updates so far
   * @param value what is watched, finite
   */
  void report(long step, double value);

  /**
   * Whether the search has no further use for this training.
   *
   * @return whether to stop it
   */
  boolean shouldPrune();
}
