package dev.latentgauge.stopping;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Stops a run whose value is worse than the median of what the others had at the same checkpoint:
 * the rule of Golovin et al. (Google Vizier, 2017), with values as they are there in place of the
 * best and of running averages.
 *
 * @param gracePeriod the first checkpoint
 * @param interval from one checkpoint to the next
 * @param maxResource where a training is over, and nobody is stopped any more; absent if there is
 *     no such place
 * @param minPeers how many others must have been at a checkpoint before a run is stopped there
 */
public record MedianRule(
    double gracePeriod, double interval, OptionalDouble maxResource, int minPeers)
    implements StopRule {

  /** What it is called on the wire. */
  public static final String NAME = "median";

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public MedianRule {
    Checked.resource("gracePeriod", gracePeriod);
    Checked.resource("interval", interval);
    Checked.end(maxResource, gracePeriod);
    Checked.peers(minPeers);
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
    if (!Checked.reaches(spent, gracePeriod)) {
      return OptionalDouble.empty();
    }
    double end = maxResource.orElse(Double.POSITIVE_INFINITY);
    double intervals = Math.floor((Math.min(spent, end) - gracePeriod) / interval);
    // Of the three that rounding leaves in question, the last that is reached.
    for (int later = 1; later >= -1; later--) {
      double at = gracePeriod + Math.max(0, intervals + later) * interval;
      if (Checked.reaches(spent, at) && !Checked.reaches(at, end)) {
        return OptionalDouble.of(at);
      }
    }
    return OptionalDouble.of(gracePeriod);
  }

  @Override
  public Verdict judge(double value, double[] others) {
    if (others.length < minPeers) {
      return Verdict.undecided(value, others);
    }
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    return Verdict.against(median, value, others);
  }

  @Override
  public String meaning(int peers) {
    return "the median of the others";
  }
}
