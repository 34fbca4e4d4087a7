package dev.latentgauge.stopping;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Lets one of so many runs go on from each checkpoint to the next, which is as many times as far:
 * the asynchronous successive halving of Li et al. (A system for massively parallel hyperparameter
 * tuning, 2020), in which a run that does not go on is stopped, never paused.
 *
 * @param gracePeriod the first checkpoint
 * @param reductionFactor how many come to a checkpoint for each that goes on, and how much further
 *     the next is; from 2 to 100
 * @param maxResource where a training is over, and nobody is stopped any more; absent if there is
 *     no such place
 * @param minPeers how many others must have been at a checkpoint before a run is stopped there
 */
public record SuccessiveHalving(
    double gracePeriod, double reductionFactor, OptionalDouble maxResource, int minPeers)
    implements StopRule {

  /** What it is called on the wire. */
  public static final String NAME = "successive-halving";

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public SuccessiveHalving {
    Checked.resource("gracePeriod", gracePeriod);
    Checked.factor(reductionFactor);
    Checked.peers(minPeers);
    Checked.end(maxResource, gracePeriod);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public OptionalDouble end() {
    return maxResource;
  }

  @Override
  public OptionalDouble checkpoint(int bracket, double spent) {
    return last(gracePeriod, spent);
  }

  /** The last checkpoint, where the first is another. */
  OptionalDouble last(double first, double spent) {
    double end = maxResource.orElse(Double.POSITIVE_INFINITY);
    if (!Checked.reaches(spent, first) || Checked.reaches(first, end)) {
      return OptionalDouble.empty();
    }
    double at = first;
    double next = at * reductionFactor;
    while (Checked.reaches(spent, next) && !Checked.reaches(next, end)) {
      at = next;
      next = at * reductionFactor;
    }
    return OptionalDouble.of(at);
  }

  @Override
  public Verdict judge(double value, double[] others) {
    if (others.length < minPeers) {
      return Verdict.undecided(value, others);
    }
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    return Verdict.against(sorted[sorted.length - kept(others.length + 1)], value, others);
  }

  @Override
  public String meaning(int peers) {
    int kept = kept(peers + 1);
    return kept == 1 ? "which the best has" : "which the best " + kept + " have";
  }

  /** How many of some runs go on; at least one. */
  private int kept(int runs) {
    return Math.max(1, (int) Math.floor(runs / reductionFactor));
  }
}
