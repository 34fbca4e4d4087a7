package dev.latentgauge.collector.scoring;

import dev.latentgauge.collector.ingest.Rejection;
import java.time.Duration;

/**
 * Who may come in: a bounded number, each with a place from before its body is received until it is
 * answered, and none that would have to wait for long. The others are told when to come again, from
 * how long scoring took of late.
 *
 * <p>Thread-safe.
 */
final class Places {

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  /**
   * With the measurement itself less than the patience of clients, and of the collector with silent
   * connections. Where it is not, the client sends the same again, and learns what it came to.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** How much of the mean a new duration is. */
  private static final double WEIGHT = 0.1;

  private final String what;
  private final String done;
  private final Rejection.Reason reason;
  private final int most;
  private final int scorers;
  private int taken;
  private double meanSeconds;

  /** Places for embeddings, served by so many scorers. */
  Places(ScoringLimits limits) {
    this(
        "embeddings that are received or scored at once",
        "embeddings must be scored",
        Rejection.Reason.SCORING,
        limits.places(),
        limits.scorers());
  }

  /**
   * Some places.
   *
   * @param what those are who need one
   * @param done what must be done with them in time
   * @param reason why those are refused who get none
   */
  Places(String what, String done, Rejection.Reason reason, int most, int scorers) {
    this.what = what;
    this.done = done;
    this.reason = reason;
    this.most = most;
    this.scorers = scorers;
  }

  /** Takes a place, or is told when to come again. */
  synchronized void take() {
    int rows = taken / scorers;
    Duration wait = Duration.ofMillis((long) (1000 * meanSeconds * rows));
    if (taken >= most) {
      throw refusal(what + " must be at most " + most + ", and as many are: try again later", wait);
    } else if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw refusal(
          done
              + " within "
              + LONGEST_WAIT.toSeconds()
              + " s, but those that wait will take "
              + wait.toSeconds()
              + " s: try again later",
          wait);
    }
    taken++;
  }

  /** Half of those who wait will have been served when the client comes again. */
  private Rejection refusal(String message, Duration wait) {
    Duration half = wait.dividedBy(2);
    Duration retry = half.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : half;
    return Rejection.until(
        reason, message, retry.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : retry);
  }

  /** Gives a place back. */
  synchronized void free() {
    taken--;
  }

  /** Says how long a scorer was busy with one. */
  synchronized void served(Duration busy) {
    double seconds = busy.toMillis() / 1e3;
    meanSeconds += (seconds - meanSeconds) * (meanSeconds == 0 ? 1 : WEIGHT);
  }

  synchronized int taken() {
    return taken;
  }
}
