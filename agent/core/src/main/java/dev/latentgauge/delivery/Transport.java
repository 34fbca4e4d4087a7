package dev.latentgauge.delivery;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Brings the reports of runs to a collector, one exchange at a time.
 *
 * <p>An exchange returns when it is known what became of the report, and within seconds. What was
 * taken is kept on the other side, whoever is killed there. Used by one thread at a time; {@link
 * #abort}, {@link #isAborted} and {@link #directive} may be called by any, and do not wait.
 */
public interface Transport extends AutoCloseable {

  /**
   * Where reports go, without anything secret; it tells those that wait for one place from those
   * for another.
   *
   * @return the address
   */
  URI address();

  /**
   * Registers a run.
   *
   * @param run the run
   * @return what became of it
   * @throws IOException if that is not known
   */
  Receipt register(RunInfo run) throws IOException;

  /**
   * Reports observations.
   *
   * @param run the run
   * @param body some of its observations, as {@link dev.latentgauge.observation.Wire} writes them
   * @return what became of them; all or none are taken
   * @throws IOException if that is not known
   */
  Receipt observed(RunInfo run, String body) throws IOException;

  /**
   * Reports the end of a run.
   *
   * @param run the run
   * @param end how it ended
   * @return what became of the report
   * @throws IOException if that is not known
   */
  Receipt ended(RunInfo run, RunEnd end) throws IOException;

  /**
   * What the run was told otherwise than in a receipt.
   *
   * @return the newest directive; empty if there was none yet
   */
  default Optional<Directive> directive() {
    return Optional.empty();
  }

  /** Ends the exchange that is under way, and all that come. */
  void abort();

  /**
   * Whether it was told to end.
   *
   * @return true after {@link #abort}
   */
  boolean isAborted();

  /** Lets go of connections; no exchange is under way. */
  @Override
  default void close() {}
}
