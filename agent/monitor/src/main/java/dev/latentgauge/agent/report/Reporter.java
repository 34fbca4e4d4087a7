package dev.latentgauge.agent.report;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Takes the reports of one run somewhere.
 *
 * <p>A monitor calls each of its reporters on a thread of the reporter's own, never on the one that
 * trains, and in the order of events: {@link #begin}, {@link #observed} any number of times, {@link
 * #end}, {@link #close}. A call may take its time. One that throws an {@link IOException} is made
 * again later, with the same arguments; after any other exception its report is given up and
 * counted as dropped. A call under way when the time for a last delivery is over is interrupted.
 */
public interface Reporter extends AutoCloseable {

  /**
   * The run begins, or an attempt to resume it.
   *
   * <p>If this throws a {@link ReportRefusedException}, the run has no place here: the reporter is
   * closed, and what else would have been reported to it is counted as dropped.
   *
   * @param run the run
   * @throws IOException if the report should be made again later
   * @throws InterruptedException if the thread was interrupted
   */
  default void begin(RunInfo run) throws IOException, InterruptedException {}

  /**
   * The run was measured.
   *
   * @param run the run
   * @param observations one or more, in the order in which they were made
   * @throws IOException if the report should be made again later
   * @throws InterruptedException if the thread was interrupted
   */
  void observed(RunInfo run, List<Observation> observations)
      throws IOException, InterruptedException;

  /**
   * The run has ended.
   *
   * @param run the run
   * @param end how
   * @throws IOException if the report should be made again later
   * @throws InterruptedException if the thread was interrupted
   */
  default void end(RunInfo run, RunEnd end) throws IOException, InterruptedException {}

  /**
   * What the other side has last told the training to do. Asked for on the training thread at every
   * batch: it must not wait.
   *
   * @return the newest directive; empty if there was none
   */
  default Optional<Directive> directive() {
    return Optional.empty();
  }

  /**
   * What has not been delivered. Asked for on the training thread: it must not wait.
   *
   * @return the numbers of reports that this reporter keeps itself, and has given up itself
   */
  default Backlog backlog() {
    return Backlog.NONE;
  }

  /**
   * Nothing more will be reported. May wait until what is under way has arrived, and is interrupted
   * when the time for that is over.
   */
  @Override
  default void close() {}
}
