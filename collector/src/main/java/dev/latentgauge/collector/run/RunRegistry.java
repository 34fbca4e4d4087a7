package dev.latentgauge.collector.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs that are shown: the live ones, and those that ended not long ago.
 *
 * <p>An ended run lingers, so that its last values are scraped; then it is forgotten here, and
 * Prometheus marks its series stale. What is stored is unaffected.
 *
 * <p>Thread-safe. A reader sees each run as it was at one moment.
 */
public final class RunRegistry implements RunListener {

  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private final Duration linger;

  /**
   * An empty registry.
   *
   * @param linger how long an ended run is still shown, at least 0
   */
  public RunRegistry(Duration linger) {
    this.linger = linger;
  }

  @Override
  public void changed(Run run) {
    runs.put(run.name(), run);
    run.ending().ifPresent(ending -> forget(ending.at()));
  }

  @Override
  public void deleted(String name) {
    runs.remove(name);
  }

  /**
   * The runs that are shown at a moment; those whose time is up are forgotten.
   *
   * @param now the time
   * @return the runs in no order
   */
  public List<Run> shown(Instant now) {
    forget(now);
    return List.copyOf(runs.values());
  }

  private void forget(Instant now) {
    runs.values().removeIf(run -> run.ending().filter(ending -> isOver(ending, now)).isPresent());
  }

  private boolean isOver(Run.Ending ending, Instant now) {
    return Duration.between(ending.at(), now).compareTo(linger) >= 0;
  }
}
