package dev.latentgauge.collector.store;

import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.time.Instant;

/**
 * A policy, and how often it has decided.
 *
 * @param id what its rows are found by; never used again after a deletion
 * @param createdAt when it was defined, by the collector's clock
 * @param undecided how often there were too few runs to compare
 * @param continued how often a run was let go on
 * @param stopped how often a run was told to stop
 */
public record StoredPolicy(
    long id, StopPolicy policy, Instant createdAt, long undecided, long continued, long stopped) {

  /**
   * How often it came to something.
   *
   * @param action what runs were to do
   * @return a number, at least 0
   */
  public long count(Verdict.Action action) {
    return switch (action) {
      case UNDECIDED -> undecided;
      case CONTINUE -> continued;
      case STOP -> stopped;
    };
  }
}
