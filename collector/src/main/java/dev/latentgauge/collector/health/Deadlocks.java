package dev.latentgauge.collector.health;

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Threads that wait for each other, which only a new process ends. */
public final class Deadlocks {

  private Deadlocks() {}

  /**
   * Looks for them; the JVM stands still meanwhile, for less than a millisecond with some hundred
   * threads.
   *
   * @return what is wrong; empty if nothing is
   */
  public static Optional<String> complaint() {
    long[] threads = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    return threads == null
        ? Optional.empty()
        : Optional.of(threads.length + " threads wait for each other");
  }
}
