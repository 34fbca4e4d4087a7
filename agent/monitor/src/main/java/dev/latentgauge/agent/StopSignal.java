package dev.latentgauge.agent;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a loop written by hand looks at to learn that it should end; for those that would rather not
 * be stopped by an exception.
 *
 * <p>Thread-safe. Once raised, it stays so.
 */
public final class StopSignal {

  private volatile @Nullable Stopped stopped;

  private StopSignal() {}

  /**
   * A signal that is not raised.
   *
   * @return a signal for one training, to be given to {@link MonitorBuilder#stopBy}
   */
  public static StopSignal create() {
    return new StopSignal();
  }

  /**
   * Whether the training should end.
   *
   * @return whether it is raised
   */
  public boolean isRaised() {
    return stopped != null;
  }

  /**
   * Why the training should end.
   *
   * @return the reason; absent as long as the signal is not raised
   */
  public Optional<Stopped> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** Raises the signal. */
  void raise(Stopped stopped) {
    this.stopped = stopped;
  }
}
