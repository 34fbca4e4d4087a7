package dev.latentgauge.stopping;

import java.util.OptionalDouble;

/**
 * By what a run is compared with the others of its group, and when.
 *
 * <p>A rule has checkpoints, amounts of a resource such as epochs. The first time that a run has
 * spent as much, its value is compared with those that others had there. So it does not matter who
 * started first, how fast each is and how many train at once: nobody waits for anybody, and who
 * comes to a checkpoint early is compared with few. Immutable.
 */
public sealed interface StopRule permits MedianRule, SuccessiveHalving, Hyperband {

  /** The most others that a rule can ask for. */
  int MOST_MIN_PEERS = 500;

  /** The most that a checkpoint can be at, 2^53. */
  double LARGEST_RESOURCE = 1L << 53;

  /**
   * What it is called on the wire.
   *
   * @return a word of lower-case letters and hyphens
   */
  String name();

  /**
   * How many others must have been at a checkpoint before a run is stopped there.
   *
   * @return at least 1
   */
  int minPeers();

  /**
   * The bracket that a run is in; only runs of one bracket are compared.
   *
   * @param run the name of the run
   * @return a number from 0, always the same for a name
   */
  default int bracket(String run) {
    return 0;
  }

  /**
   * The first checkpoint; that of the first bracket.
   *
   * @return an amount of the resource, above 0
   */
  double gracePeriod();

  /**
   * Where a training is over, and nobody is stopped any more.
   *
   * @return an amount of the resource; absent if there is no such place
   */
  OptionalDouble end();

  /**
   * The last checkpoint that a run has come to.
   *
   * @param bracket the bracket that it is in
   * @param spent how much it has spent of the resource, at least 0
   * @return the checkpoint; absent if it has not come to the first
   */
  OptionalDouble checkpoint(int bracket, double spent);

  /**
   * Compares a run with others that were at the same checkpoint.
   *
   * @param value what it has; larger is better
   * @param others theirs at the checkpoint, in any order, which is left as it is
   * @return what comes of it; takes time in the number of the others times its logarithm
   */
  Verdict judge(double value, double[] others);

  /**
   * What the threshold of a verdict is.
   *
   * @param peers how many others there were, at least 1
   * @return words for people
   */
  String meaning(int peers);
}
