package dev.latentgauge.collector.store;

/**
 * How much a store may hold.
 *
 * @param liveRuns the most runs that have not ended, at least 1
 * @param runs the most runs, ended ones included, at least 1
 * @param observationsPerRun the most observations of one run, at least 1
 * @param observations the most observations of all runs, at least 1
 */
public record Capacity(int liveRuns, int runs, int observationsPerRun, int observations) {

  /** A store that is full to these limits takes about one GiB of heap. */
  public static final Capacity DEFAULT = new Capacity(10_000, 100_000, 100_000, 1_000_000);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Capacity {
    requirePositive("liveRuns", liveRuns);
    requirePositive("runs", runs);
    requirePositive("observationsPerRun", observationsPerRun);
    requirePositive("observations", observations);
  }

  private static void requirePositive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + number);
    }
  }
}
