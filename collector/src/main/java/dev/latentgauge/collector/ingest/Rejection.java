package dev.latentgauge.collector.ingest;

import java.util.Locale;
import java.util.Optional;

/** A report that was refused as a whole; its message says what must hold and what was given. */
public final class Rejection extends RuntimeException {

  private final Reason reason;
  private final Optional<String> field;

  /**
   * A refusal.
   *
   * @param reason the kind of it
   * @param field the field that is at fault, if it is one
   * @param message what must hold and what was given, for people
   */
  public Rejection(Reason reason, Optional<String> field, String message) {
    super(message);
    this.reason = reason;
    this.field = field;
  }

  /** Why reports are refused; each is counted by itself. */
  public enum Reason {
    /** It is not what the wire asks for. */
    MALFORMED,
    /** It is not declared as JSON. */
    MEDIA_TYPE,
    /** Its body is too large. */
    TOO_LARGE,
    /** Its body did not arrive in time. */
    TIMEOUT,
    /** It contradicts what is stored. */
    CONFLICT,
    /** Too many bodies of reports are being read and decoded. */
    BUSY,
    /** Too many runs are live. */
    LIVE_RUNS,
    /** The run would have too many series. */
    SERIES,
    /** The store is full. */
    SPACE;

    /**
     * The reason in labels.
     *
     * @return the name in lower case
     */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The kind of refusal.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * The field that is at fault.
   *
   * @return a path such as {@code observations[3].score}; empty if it is no single field
   */
  public Optional<String> field() {
    return field;
  }
}
