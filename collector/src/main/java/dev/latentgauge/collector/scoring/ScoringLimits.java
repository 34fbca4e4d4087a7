package dev.latentgauge.collector.scoring;

/**
 * How much a collector scores at once.
 *
 * @param scorers how many threads score, at least 1; each operation on large arrays uses all cores
 *     by itself
 * @param waiting how many more may be received or wait for a scorer, at least 0
 * @param cosines the most cosines in a reference, its probes times its anchors, at least 1; a
 *     measurement takes some twenty arrays of that size, and with millions of probes more
 */
public record ScoringLimits(int scorers, int waiting, long cosines) {

  /**
   * 4096 probes and 1024 anchors four times over: 1.3 to 2 GB for each scorer, beside what {@link
   * PreparedGauges} keep.
   */
  public static final ScoringLimits DEFAULT = new ScoringLimits(2, 62, 1L << 24);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ScoringLimits {
    requireAtLeast(1, "scorers", scorers);
    requireAtLeast(0, "waiting", waiting);
    requireAtLeast(1, "cosines", cosines);
  }

  private static void requireAtLeast(long least, String what, long number) {
    if (number < least) {
      throw new IllegalArgumentException(
          what + " must be at least " + least + ", but is " + number);
    }
  }

  /**
   * How many are received, wait or are scored at most.
   *
   * @return a number, at least 1
   */
  public int places() {
    return scorers + waiting;
  }
}
