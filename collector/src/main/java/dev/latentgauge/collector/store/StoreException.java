package dev.latentgauge.collector.store;

/**
 * The store cannot be read or written now, through no fault of who asked. The message is for
 * everybody; the cause knows more, and is for the log.
 */
public final class StoreException extends RuntimeException {

  private final Kind kind;

  StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * A failure that no database has reported.
   *
   * @param kind what it means
   * @param message for people
   */
  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What the trouble is. */
  public enum Kind {
    /** The database does not answer; it is worth to try again. */
    UNAVAILABLE,
    /** More changes wait than the store will hold; it is worth to try again. */
    BUSY,
    /** The disk under the database is full; what is there can be read. */
    FULL,
    /** The database is damaged: somebody must restore it. */
    DAMAGED
  }

  /**
   * What the trouble is.
   *
   * @return its kind
   */
  public Kind kind() {
    return kind;
  }
}
