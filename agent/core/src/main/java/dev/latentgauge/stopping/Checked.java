package dev.latentgauge.stopping;

import java.util.OptionalDouble;

/** What the numbers of rules must be. */
final class Checked {

  private static final double LARGEST_FACTOR = 100;

  /** Amounts are compared as if they were this much larger, for the sake of their last digits. */
  private static final double ROUNDING = 1e-9;

  private Checked() {}

  static double resource(String what, double amount) {
    if (!(amount > 0 && amount <= StopRule.LARGEST_RESOURCE)) {
      throw new IllegalArgumentException(what + " must be above 0, at most 2^53, but is " + amount);
    }
    return amount;
  }

  /** Of a training, beyond the first checkpoint. */
  static void end(OptionalDouble maxResource, double gracePeriod) {
    if (maxResource.isPresent()
        && !(resource("maxResource", maxResource.getAsDouble()) > gracePeriod)) {
      throw new IllegalArgumentException(
          "maxResource must be above gracePeriod, which is "
              + gracePeriod
              + ", but is "
              + maxResource.getAsDouble());
    }
  }

  static double factor(double factor) {
    if (!(factor >= 2 && factor <= LARGEST_FACTOR)) {
      throw new IllegalArgumentException(
          "reductionFactor must be from 2 to " + (int) LARGEST_FACTOR + ", but is " + factor);
    }
    return factor;
  }

  static int peers(int peers) {
    if (peers < 1 || peers > StopRule.MOST_MIN_PEERS) {
      throw new IllegalArgumentException(
          "minPeers must be from 1 to " + StopRule.MOST_MIN_PEERS + ", but is " + peers);
    }
    return peers;
  }

  /** Whether an amount has been spent. */
  static boolean reaches(double spent, double amount) {
    return spent * (1 + ROUNDING) >= amount;
  }
}
