package dev.latentgauge.agent;

import java.util.Optional;

/**
 * That a training was stopped early, and why.
 *
 * @param cause what stopped it
 * @param reason why, in a sentence for people
 * @param step optimiser updates that were applied when it was decided
 * @param epoch whole passes over the data by then
 * @param best the best check so far; absent if nothing was checked
 */
public record Stopped(Cause cause, String reason, long step, long epoch, Optional<Best> best) {

  /** What stops a training. */
  public enum Cause {
    /** The patience for improvements is used up. */
    NO_IMPROVEMENT,
    /** It is as good as it has to be. */
    STOPPING_THRESHOLD,
    /** It is too bad to go on. */
    DIVERGENCE_THRESHOLD,
    /** What is watched is NaN or infinite. */
    NOT_FINITE,
    /** A search for hyperparameters has no further use for it. */
    PRUNED,
    /** The collector said so. */
    DIRECTIVE
  }

  /**
   * The best check of a training.
   *
   * @param watched what is watched
   * @param value its value, finite
   * @param step optimiser updates that were applied to the weights that it belongs to
   */
  public record Best(String watched, double value, long step) {}
}
