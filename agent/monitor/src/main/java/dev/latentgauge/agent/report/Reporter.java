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
   * The run was measured, and is to be compared with others: see {@link
   * dev.latentgauge.agent.MonitorBuilder#sketches}.
   *
   * <p>Of the sketches of a layer and a probe set that wait the newest alone is given, and none
   * while observations wait. What this throws is logged once for each cause and counted, and the
   * sketch is not given again, since the next one is worth more.
   *
   * @param run the run
   * @param sketch what a layer makes of a probe set now
   * @throws IOException if it cannot be taken
   * @throws InterruptedException if the thread was interrupted
   */
  default void sketch(RunInfo run, LayerSketch sketch) throws IOException, InterruptedException {}

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
   * What the other side told the training last.
   *
   * <p>Read on the thread that trains, at any time: it must be thread-safe, and must not wait.
   *
   * @return the newest directive that it answered; empty if there is none
   */
  default Optional<Directive> directive() {
    return Optional.empty();
  }

  /**
   * What the reporter has taken, but not delivered.
   *
   * <p>Read on the thread that trains, at any time: it must be thread-safe, and must not wait.
   *
   * @return how much waits, and how much was given up
   */
  default Backlog backlog() {
    return Backlog.NONE;
  }

  /**
   * Nothing more will be reported.
   *
   * <p>May wait for what is under way, and is interrupted when the time for a last delivery is
   * over; it must return soon then.
   */
  @Override
  default void close() {}
}
