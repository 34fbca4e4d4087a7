package dev.latentgauge.collector.bus;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when the brokers begin to be away, and when they are back. Used by one thread. */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String servers;
  private @Nullable String said;

  Outage(String servers) {
    this.servers = servers;
  }

  /** It goes on, for a reason that is said if it is another one than before. */
  void goesOn(String why, String details) {
    if (!why.equals(said)) {
      said = why;
      LOG.warn("reports in Kafka at {} wait, while those by HTTP are taken: {}", servers, details);
    }
  }

  void isOver() {
    if (said != null) {
      said = null;
      LOG.info("reports are taken from Kafka at {} again", servers);
    }
  }
}
