package dev.latentgauge.collector.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An {@link Allowance} for each client. Those that were not seen for longest are forgotten beyond a
 * number: they begin anew. Thread-safe.
 */
final class Allowances {

  private static final int MOST_CLIENTS = 10_000;

  private final double perSecond;
  private final InstantSource clock;
  private final Map<String, Allowance> clients =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Allowance> eldest) {
          return size() > MOST_CLIENTS;
        }
      };

  Allowances(double perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Takes some for a client, or answers how long it has to wait. */
  Optional<Duration> take(String client, double amount) {
    Instant now = clock.instant();
    return of(client, now).take(amount, now);
  }

  /** Takes what a client has used already. */
  void settle(String client, double amount) {
    of(client, clock.instant()).settle(amount);
  }

  private synchronized Allowance of(String client, Instant now) {
    return clients.computeIfAbsent(client, unseen -> new Allowance(perSecond, now));
  }
}
