package dev.latentgauge.collector.ingest;

import dev.latentgauge.collector.store.CapacityException;
import dev.latentgauge.collector.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A report that was refused as a whole; its message says what must hold and what was given. */
public final class Rejection extends RuntimeException {

  /** The most characters of a message that a file may have had a part in. */
  private static final int LONGEST_MESSAGE = 1000;

  private final Reason reason;
  private final Optional<String> field;
  private final Optional<Duration> retryAfter;
  private final boolean isOfRunAlone;

  /**
   * A refusal.
   *
   * @param reason the kind of it
   * @param field the field that is at fault, if it is one
   * @param message what must hold and what was given, for people
   */
  public Rejection(Reason reason, Optional<String> field, String message) {
    this(reason, field, message, Optional.empty(), false);
  }

  private Rejection(
      Reason reason,
      Optional<String> field,
      String message,
      Optional<Duration> retryAfter,
      boolean isOfRunAlone) {
    super(message);
    this.reason = reason;
    this.field = field;
    this.retryAfter = retryAfter;
    this.isOfRunAlone = isOfRunAlone;
  }

  /**
   * A refusal for now.
   *
   * @param reason the kind of it
   * @param message what must hold and what was given, for people
   * @param retryAfter when it is worth to try again
   * @return the refusal
   */
  public static Rejection until(Reason reason, String message, Duration retryAfter) {
    return new Rejection(reason, Optional.empty(), message, Optional.of(retryAfter), false);
  }

  /**
   * A refusal for want of room.
   *
   * @param full what there is no room for
   * @return the refusal
   */
  public static Rejection of(CapacityException full) {
    Reason reason =
        switch (full.limit()) {
          case LIVE_RUNS -> Reason.LIVE_RUNS;
          case SERIES_OF_RUN -> Reason.SERIES;
          case OBSERVATIONS_OF_RUN, SPACE -> Reason.SPACE;
        };
    boolean isOfRunAlone =
        full.limit() == CapacityException.Limit.SERIES_OF_RUN
            || full.limit() == CapacityException.Limit.OBSERVATIONS_OF_RUN;
    return new Rejection(
        reason,
        Optional.empty(),
        String.valueOf(full.getMessage()),
        Optional.empty(),
        isOfRunAlone);
  }

  /**
   * A refusal for trouble with the store.
   *
   * @param trouble what it is
   * @return the refusal
   */
  public static Rejection of(StoreException trouble) {
    String message = String.valueOf(trouble.getMessage());
    return switch (trouble.kind()) {
      case BUSY -> until(Reason.BUSY, message, Duration.ofSeconds(1));
      case FULL -> new Rejection(Reason.SPACE, Optional.empty(), message);
      case UNAVAILABLE, DAMAGED -> until(Reason.HISTORY, message, Duration.ofSeconds(5));
    };
  }

  /**
   * A refusal of a body that lies in a file.
   *
   * @param reason the kind of it
   * @param file where it lies, which is nobody's business
   * @param failure what is wrong with it
   * @return the refusal, with the message of the failure but for the path, and shortened where it
   *     quotes the file at length
   */
  public static Rejection ofBody(Reason reason, Path file, Exception failure) {
    String message = String.valueOf(failure.getMessage()).replace(file.toString(), "the body");
    return new Rejection(
        reason,
        Optional.empty(),
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE) + "…");
  }

  /** Why reports are refused; each is counted by itself. */
  public enum Reason {
    /** It is not what the wire asks for. */
    MALFORMED,
    /** Its content is not declared as what is wanted. */
    MEDIA_TYPE,
    /** It names a reference that is not kept. */
    UNKNOWN_REFERENCE,
    /** Its embeddings do not fit the reference, or cannot be one. */
    UNFIT,
    /** It is no report: the runs that it names cannot be compared. */
    INCOMPARABLE,
    /** Its body is too large. */
    TOO_LARGE,
    /** Its body did not arrive in time. */
    TIMEOUT,
    /** It contradicts what is stored. */
    CONFLICT,
    /** Too many bodies of reports are being read and decoded. */
    BUSY,
    /** Too many embeddings are being received and scored. */
    SCORING,
    /** It is no report: too many comparisons are being made. */
    COMPARISONS,
    /** Too many readers of events are connected. */
    READERS,
    /** The engine that scores cannot be loaded. */
    ENGINE,
    /** Too many runs are live. */
    LIVE_RUNS,
    /** The run would have too many series. */
    SERIES,
    /** The store is full. */
    SPACE,
    /** The store cannot be used now. */
    HISTORY,
    /** The collector failed at it; its log says more. */
    INTERNAL,
    /** It has no token that is in force. */
    UNAUTHENTICATED,
    /** Its token does not have the scope. */
    FORBIDDEN,
    /** A page of another site made a browser send it. */
    CROSS_SITE,
    /** It has no token, and names another host than this machine. */
    HOST,
    /** Its client sends too much. */
    RATE,
    /** Too many connections are open. */
    CONNECTIONS;

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
   * Whether a limit of one run was reached.
   *
   * @return true if nothing that other runs do makes room
   */
  public boolean isOfRunAlone() {
    return isOfRunAlone;
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

  /**
   * When it is worth to try again.
   *
   * @return a time from now; empty if nothing is known of it
   */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
