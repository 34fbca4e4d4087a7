package dev.latentgauge.collector.store;

/** A change would exceed what the store may hold; nothing of it was made. */
public final class CapacityException extends RuntimeException {

  private final Limit limit;

  private CapacityException(Limit limit, String message) {
    super(message);
    this.limit = limit;
  }

  static CapacityException liveRuns(int most) {
    return new CapacityException(
        Limit.LIVE_RUNS,
        "live runs must be at most " + most + ", and as many are live: end or delete some");
  }

  static CapacityException liveSeries(int most, long live) {
    return new CapacityException(
        Limit.LIVE_RUNS,
        "series of all live runs together must be at most "
            + most
            + ", and "
            + live
            + " are live: end or delete some runs");
  }

  static CapacityException seriesOfRun(int most, String run, int number) {
    return new CapacityException(
        Limit.SERIES_OF_RUN,
        "series of a run, each a layer and a reference, must be at most "
            + most
            + ", but the run "
            + run
            + " would have "
            + number);
  }

  static CapacityException sketchesOfRun(int most, String run, long number) {
    return new CapacityException(
        Limit.SERIES_OF_RUN,
        "sketches of a run, each of a layer and a set of probes, must be at most "
            + most
            + ", but the run "
            + run
            + " would have "
            + number);
  }

  static CapacityException observationsOfRun(int most, String run, long number) {
    return new CapacityException(
        Limit.OBSERVATIONS_OF_RUN,
        "observations of a run must be at most "
            + most
            + ", but the run "
            + run
            + " would have "
            + number);
  }

  static CapacityException bytes(long most) {
    return new CapacityException(
        Limit.SPACE,
        "the history must have at most "
            + most
            + " bytes, and is full: delete runs, or allow it more");
  }

  /** What is limited. */
  public enum Limit {
    /** Runs that have not ended, and their series; room comes as runs end. */
    LIVE_RUNS,
    /** Series of one run, or its sketches; no room comes. */
    SERIES_OF_RUN,
    /** Observations of one run; no room comes, unless the run is deleted. */
    OBSERVATIONS_OF_RUN,
    /** Space; room comes only by deleting. */
    SPACE
  }

  /**
   * The limit that would be exceeded.
   *
   * @return what is limited
   */
  public Limit limit() {
    return limit;
  }
}
