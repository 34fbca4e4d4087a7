package dev.latentgauge.agent;

import java.time.Instant;

/** The clock of a monitor: the time of day for reports, and one that never jumps for durations. */
public interface TimeSource {

  /**
   * The time of day.
   *
   * @return now
   */
  Instant instant();

  /**
   * A time that only differences of mean something.
   *
   * @return nanoseconds since some origin
   */
  long nanoTime();

  /**
   * The clocks of this machine.
   *
   * @return a source that needs no closing
   */
  static TimeSource system() {
    return new TimeSource() {
      @Override
      public Instant instant() {
        return Instant.now();
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }
    };
  }
}
