package dev.latentgauge.collector.store;

/** A change would exceed what the store may hold; nothing of it was made. */
public final class CapacityException extends RuntimeException {

  private final Limit limit;

  CapacityException(Limit limit, String message) {
    super(message);
    this.limit = limit;
  }

  /** What is limited. */
  public enum Limit {
    /** Runs that have not ended; room comes as runs end. */
    LIVE_RUNS,
    /** Series of one run; no room comes. */
    SERIES_OF_RUN,
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
