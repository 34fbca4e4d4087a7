package dev.latentgauge.collector.access;

import dev.latentgauge.collector.ingest.Rejection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has how many of the places for uploads: one client three quarters at most, and of those who
 * share a token one address half, so that one that sends slowly leaves room for the others.
 * Thread-safe.
 */
public final class Shares {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final int ofClient;
  private final int ofAddress;
  private final Map<String, Integer> taken = new HashMap<>();

  Shares(int places) {
    ofClient = (3 * places + 3) / 4;
    ofAddress = (places + 1) / 2;
  }

  /**
   * Takes a place for a visitor.
   *
   * @param visitor who wants it
   * @return gives it back, once
   * @throws Rejection if it has its share already
   */
  public synchronized Runnable take(Visitor visitor) {
    String client = visitor.client();
    String address = client + " at " + visitor.address();
    require(client, ofClient);
    if (visitor.token().isPresent()) {
      require(address, ofAddress);
    }
    taken.merge(client, 1, Integer::sum);
    taken.merge(address, 1, Integer::sum);
    return () -> give(client, address);
  }

  private void require(String key, int most) {
    if (taken.getOrDefault(key, 0) >= most) {
      throw Rejection.until(
          Rejection.Reason.SCORING,
          "embeddings that are received or scored at once for one client must be at most "
              + most
              + ", and as many are: try again later",
          RETRY);
    }
  }

  private synchronized void give(String client, String address) {
    taken.computeIfPresent(client, Shares::less);
    taken.computeIfPresent(address, Shares::less);
  }

  private static @Nullable Integer less(String key, Integer number) {
    return number == 1 ? null : number - 1;
  }
}
