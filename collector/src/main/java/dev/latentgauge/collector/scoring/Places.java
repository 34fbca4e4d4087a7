package dev.latentgauge.collector.scoring;

import dev.latentgauge.collector.ingest.Rejection;
import java.time.Duration;

/**
 * Who may come in: a bounded number, each with a place from before its body is received until it is
 * answered. The others are told when to come again, from how long places were held of late.
 *
 * <p>Thread-safe.
 */
final class Places {

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** How much of the mean a new duration is. */
  private static final double WEIGHT = 0.1;

  private final int most;
  private final int scorers;
  private int taken;
  private double meanSeconds;

  /** So many places, served by so many scorers. */
  Places(ScoringLimits limits) {
    this.most = limits.places();
    this.scorers = limits.scorers();
  }

  /** Takes a place, or is told when to come again. */
  synchronized void take() {
    if (taken >= most) {
      throw Rejection.until(
          Rejection.Reason.SCORING,
          "embeddings that are received or scored at once must be at most "
              + most
              + ", and as many are: try again later",
          untilAPlaceIsFree());
    }
    taken++;
  }

  /** When half of those who wait will have been served, if it goes on as it did. */
  private Duration untilAPlaceIsFree() {
    Duration wait = Duration.ofMillis((long) (500 * meanSeconds * most / scorers));
    if (wait.compareTo(SHORTEST_WAIT) < 0) {
      return SHORTEST_WAIT;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
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
