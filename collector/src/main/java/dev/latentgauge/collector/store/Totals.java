package dev.latentgauge.collector.store;

/**
 * How much a store holds.
 *
 * @param liveRuns runs that have not ended
 * @param liveSeries series of those
 * @param runs all runs
 * @param observations their observations
 * @param sketches their sketches
 * @param bytes what all that comes to: the JSON of observations and runs, the sketches, and an
 *     allowance for what a database adds to each; of a million observations a file of SQLite was
 *     .97 times as large
 */
public record Totals(
    long liveRuns, long liveSeries, long runs, long observations, long sketches, long bytes) {

  /** Of a store without runs. */
  static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0);

  /** What a run counts for. */
  static Totals of(StoredRun stored) {
    boolean live = stored.run().live();
    return new Totals(
        live ? 1 : 0,
        live ? stored.run().series().size() : 0,
        1,
        stored.run().observations(),
        stored.sketches(),
        stored.bytes());
  }

  Totals plus(Totals more) {
    return new Totals(
        liveRuns + more.liveRuns,
        liveSeries + more.liveSeries,
        runs + more.runs,
        observations + more.observations,
        sketches + more.sketches,
        bytes + more.bytes);
  }

  Totals minus(Totals less) {
    return new Totals(
        liveRuns - less.liveRuns,
        liveSeries - less.liveSeries,
        runs - less.runs,
        observations - less.observations,
        sketches - less.sketches,
        bytes - less.bytes);
  }
}
