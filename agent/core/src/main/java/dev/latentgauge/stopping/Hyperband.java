package dev.latentgauge.stopping;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.zip.CRC32;

/**
 * {@linkplain SuccessiveHalving Successive halving} in several brackets at once, whose first
 * checkpoints are later and later, so that runs which are slow to show what is in them have a
 * chance: Hyperband (Li et al., 2018).
 *
 * <p>Which bracket a run is in follows from its name alone. The shares of the brackets are those of
 * the paper: the earlier the first checkpoint, the more runs. In the last bracket nobody is
 * stopped, if {@code maxResource} is a power of the reduction factor times {@code gracePeriod}.
 *
 * @param gracePeriod the first checkpoint of the first bracket
 * @param reductionFactor how many come to a checkpoint for each that goes on, and how much further
 *     the next is; from 2 to 100
 * @param maxResource where a training is over, and nobody is stopped any more
 * @param minPeers how many others of its bracket must have been at a checkpoint before a run is
 *     stopped there
 */
public record Hyperband(
    double gracePeriod, double reductionFactor, double maxResource, int minPeers)
    implements StopRule {

  /** What it is called on the wire. */
  public static final String NAME = "hyperband";

  /** As many runs as would be in all brackets of a round; more than anybody has. */
  private static final double LARGEST_ROUND = 1e9;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public Hyperband {
    new SuccessiveHalving(gracePeriod, reductionFactor, OptionalDouble.of(maxResource), minPeers);
    if (maxResource / gracePeriod > LARGEST_ROUND) {
      throw new IllegalArgumentException(
          "maxResource must be at most 10^9 times gracePeriod, which is "
              + gracePeriod
              + ", but is "
              + maxResource);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  private SuccessiveHalving halving() {
    return new SuccessiveHalving(
        gracePeriod, reductionFactor, OptionalDouble.of(maxResource), minPeers);
  }

  /**
   * How many brackets there are.
   *
   * @return at least 1
   */
  public int brackets() {
    int brackets = 1;
    for (double first = gracePeriod * reductionFactor;
        Checked.reaches(maxResource, first);
        first *= reductionFactor) {
      brackets++;
    }
    return brackets;
  }

  /** How many runs are in a bracket, of as many as are in all. */
  private long share(int bracket, int brackets) {
    int halvings = brackets - 1 - bracket;
    return (long)
        Math.ceil((double) brackets / (halvings + 1) * Math.pow(reductionFactor, halvings));
  }

  @Override
  public int bracket(String run) {
    int brackets = brackets();
    long all = 0;
    for (int bracket = 0; bracket < brackets; bracket++) {
      all += share(bracket, brackets);
    }
    CRC32 checksum = new CRC32();
    checksum.update(run.getBytes(StandardCharsets.UTF_8));
    long place = checksum.getValue() % all;
    int bracket = 0;
    while (place >= share(bracket, brackets)) {
      place -= share(bracket, brackets);
      bracket++;
    }
    return bracket;
  }

  @Override
  public OptionalDouble end() {
    return OptionalDouble.of(maxResource);
  }

  @Override
  public OptionalDouble checkpoint(int bracket, double spent) {
    return halving().last(gracePeriod * Math.pow(reductionFactor, bracket), spent);
  }

  @Override
  public Verdict judge(double value, double[] others) {
    return halving().judge(value, others);
  }

  @Override
  public String meaning(int peers) {
    return halving().meaning(peers);
  }
}
