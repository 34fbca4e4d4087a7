package dev.latentgauge.delivery;

import dev.latentgauge.observation.Directive;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of a report.
 *
 * @param kind what
 * @param why what was said, in one line for people; empty if it was taken
 * @param retryAfter when to send it again, if the other side said so
 * @param directive what the training is told to do, if that was said
 */
public record Receipt(
    Kind kind, String why, Optional<Duration> retryAfter, Optional<Directive> directive) {

  /** What may become of a report. */
  public enum Kind {
    /** It is kept on the other side. */
    TAKEN,
    /** It must be sent again. */
    LATER,
    /** It must be sent again, after the run was registered anew. */
    UNREGISTERED,
    /**
     * Of a registration: a later attempt, which started later, has the run. The observations of
     * this one are taken.
     */
    HISTORY,
    /** It would be refused for ever. */
    REFUSED
  }

  /** It was taken, and nothing was said. */
  public static final Receipt TAKEN =
      new Receipt(Kind.TAKEN, "", Optional.empty(), Optional.empty());

  /**
   * It was not taken.
   *
   * @param kind what is to be done
   * @param why why, in one line for people
   * @return the receipt
   */
  public static Receipt of(Kind kind, String why) {
    return new Receipt(kind, why, Optional.empty(), Optional.empty());
  }
}
