package dev.latentgauge.agent.attach;

/**
 * Epochs of a loop that tells of none, as those that people write seldom do: taken from the passes
 * over data that have updates in them and no evaluations before the first.
 *
 * <p>An epoch's end is known when the next pass has begun, before its first update; that of the
 * last one when the trainer is closed, if it is as long as the one before. A loop that does tell of
 * its epochs is left to it from then on, and DJL's own is while it runs. Not thread-safe.
 */
final class Epochs {

  private boolean told;
  private boolean isFitting;
  private boolean passBegan;
  private long steps;
  private long stepsBefore;

  /** A pass over a data set begins. */
  void passBegins() {
    passBegan = true;
  }

  /** The pass is for an evaluation. */
  void evaluates() {
    passBegan = false;
  }

  /** DJL's loop begins, which tells of its epochs. */
  void fitBegins() {
    isFitting = true;
  }

  /** DJL's loop has ended; what comes after it is another. */
  void fitEnds() {
    isFitting = false;
    passBegan = false;
    steps = 0;
  }

  /** The loop tells of an epoch. */
  void told() {
    told |= !isFitting;
  }

  /** An update is about to be made; answers whether an epoch has ended before it. */
  boolean stepBegins() {
    boolean hasEnded = passBegan && steps > 0 && isInferred();
    if (hasEnded) {
      stepsBefore = steps;
      steps = 0;
    }
    passBegan = false;
    steps++;
    return hasEnded;
  }

  /** The training is over; answers whether an epoch is over with it. */
  boolean trainingEnds() {
    return isInferred() && steps > 0 && steps >= stepsBefore;
  }

  private boolean isInferred() {
    return !told && !isFitting;
  }
}
