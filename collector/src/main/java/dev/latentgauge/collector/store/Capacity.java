package dev.latentgauge.collector.store;

/**
 * How much a store may hold.
 *
 * <p>These are numbers of things, not of bytes; how large each thing may be is bounded by the wire.
 * On a 64-bit JVM an observation such as the agent makes takes 1.1 KiB, and one whose every text is
 * as long as it may be 14 KiB; what is said of a run takes up to 77 KiB.
 *
 * @param liveRuns the most runs that have not ended, at least 1
 * @param runs the most runs, ended ones included, at least 1
 * @param seriesPerRun the most pairs of a layer and a reference in one run, at least 1
 * @param series the most series of all runs, ended ones included, at least 1
 * @param observationsPerRun the most observations of one run, at least 1
 * @param observations the most observations of all runs, at least 1
 */
public record Capacity(
    int liveRuns,
    int runs,
    int seriesPerRun,
    int series,
    int observationsPerRun,
    int observations) {

  /**
   * A store that is full to these limits takes somewhat more than one GiB of heap if what it holds
   * came from agents, and some 21 GiB if a client filled every text: these limits alone do not keep
   * a hostile client from filling the heap.
   */
  public static final Capacity DEFAULT =
      new Capacity(10_000, 100_000, 100, 200_000, 100_000, 1_000_000);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Capacity {
    requirePositive("liveRuns", liveRuns);
    requirePositive("runs", runs);
    requirePositive("seriesPerRun", seriesPerRun);
    requirePositive("series", series);
    requirePositive("observationsPerRun", observationsPerRun);
    requirePositive("observations", observations);
  }

  private static void requirePositive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + number);
    }
  }
}
