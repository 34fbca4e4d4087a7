package dev.latentgauge.collector.store;

import java.util.ArrayList;
import java.util.List;

/**
 * How much a store may hold.
 *
 * <p>What lives is limited by number, since it is held in memory and shown to Prometheus: on a
 * 64-bit JVM the newest observation of a series takes 1.1 KiB if an agent made it, and up to 14 KiB
 * if a client fills every text. The history as a whole is limited by its size.
 *
 * @param liveRuns the most runs that have not ended, at least 1
 * @param liveSeries the most series, each a layer and a reference, of all live runs together, at
 *     least 1
 * @param seriesPerRun the most series of one run, and the most sketches of one, at least 1
 * @param observationsPerRun the most observations of one run, at least 1
 * @param bytes the most bytes of all that is stored, as {@link Totals#bytes} counts them, at least
 *     1
 */
public record Capacity(
    int liveRuns, int liveSeries, int seriesPerRun, int observationsPerRun, long bytes) {

  /** Room for 10,000 live runs, and for some ten million observations. */
  public static final Capacity DEFAULT = new Capacity(10_000, 200_000, 100, 1_000_000, 10L << 30);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1; names all that are
   */
  public Capacity {
    List<String> mistakes = new ArrayList<>();
    requirePositive("liveRuns", liveRuns, mistakes);
    requirePositive("liveSeries", liveSeries, mistakes);
    requirePositive("seriesPerRun", seriesPerRun, mistakes);
    requirePositive("observationsPerRun", observationsPerRun, mistakes);
    requirePositive("bytes", bytes, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  /**
   * Says how large the history may be.
   *
   * @param most the most bytes of all that is stored, at least 1
   * @return a copy with it
   */
  public Capacity withBytes(long most) {
    return new Capacity(liveRuns, liveSeries, seriesPerRun, observationsPerRun, most);
  }

  private static void requirePositive(String name, long number, List<String> mistakes) {
    if (number < 1) {
      mistakes.add(name + " must be at least 1, but is " + number);
    }
  }
}
