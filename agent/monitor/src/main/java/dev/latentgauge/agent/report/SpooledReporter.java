package dev.latentgauge.agent.report;

import dev.latentgauge.delivery.Courier;
import dev.latentgauge.delivery.Transport;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the reports of one run by any transport, through a spool.
 *
 * <p>Reports go to a spool on disk at once, and from there on their way on a thread of its own;
 * what was handed over is lost neither when the other side is away nor when the process is killed.
 * What is left at the end is sent by the next process of the run that has the same folder, or by
 * {@code java -jar latentgauge.jar replay DIR}.
 */
public final class SpooledReporter implements Reporter {

  private static final Path DEFAULT_SPOOL = Path.of("latentgauge-spool");

  private final Function<RunInfo, Transport> transports;
  private final Optional<Path> spool;
  private final long limit;

  /** Written by the thread of the reporter alone. */
  private volatile @Nullable Running running;

  /** The run, and who takes its reports. */
  private record Running(RunInfo run, Courier courier) {}

  private SpooledReporter(Function<RunInfo, Transport> transports, Settings settings) {
    this.transports = transports;
    this.spool = settings.spool;
    this.limit = settings.limit;
  }

  /**
   * Opens the spool, and registers the run once the other side can be reached.
   *
   * @throws IllegalStateException if the reporter has another run already
   */
  @Override
  public void begin(RunInfo run) {
    Running before = running;
    if (before == null) {
      running = new Running(run, Courier.start(transports.apply(run), run, spool, limit));
    } else if (!before.run().equals(run)) {
      throw new IllegalStateException(
          "a reporter must have one run, but has " + before.run().name() + " and " + run.name());
    }
  }

  /** Returns when the observations are on disk, whatever the other side does. */
  @Override
  public void observed(RunInfo run, List<Observation> observations) {
    courier().observed(observations);
  }

  @Override
  public void end(RunInfo run, RunEnd end) {
    courier().ended(end);
  }

  Courier courier() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("begin must come first, but did not");
    }
    return now.courier();
  }

  @Override
  public Optional<Directive> directive() {
    Running now = running;
    return now == null ? Optional.empty() : now.courier().directive();
  }

  /** Counts reports, of an earlier process too while they are delivered. */
  @Override
  public Backlog backlog() {
    Running now = running;
    return now == null
        ? Backlog.NONE
        : new Backlog(now.courier().waiting(), now.courier().dropped());
  }

  /**
   * Waits until all is delivered, or until it is interrupted; then says in the log what is kept.
   */
  @Override
  public void close() {
    Running now = running;
    if (now != null) {
      now.courier().close();
    }
  }

  /** Where reports are kept until they are delivered, and how many. */
  public static final class Settings {

    private Optional<Path> spool = Optional.of(DEFAULT_SPOOL);
    private long limit = Courier.DEFAULT_LIMIT;

    /** A spool in {@code ./latentgauge-spool}, of at most 256 MiB of observations. */
    public Settings() {}

    /**
     * Sets where reports are kept.
     *
     * @param folder shared by any number of processes and runs, made if it is missing
     */
    public void spool(Path folder) {
      spool = Optional.of(folder);
    }

    /** Keeps reports in memory alone; those that are not delivered are lost with the process. */
    public void withoutSpool() {
      spool = Optional.empty();
    }

    /**
     * Sets how much may wait; beyond it the oldest observations are dropped and counted.
     *
     * @param bytes of observations, at least 1 MiB. The file may be some three times as large. In
     *     memory no more than 8 MiB wait
     */
    public void spoolLimit(long bytes) {
      limit = bytes;
    }

    /**
     * What is wrong.
     *
     * @return a sentence for each mistake
     */
    public List<String> mistakes() {
      return limit >= Courier.LEAST_LIMIT
          ? List.of()
          : List.of(
              "the limit of the spool must be at least "
                  + Courier.LEAST_LIMIT
                  + " bytes, but is "
                  + limit);
    }

    /**
     * Makes a reporter.
     *
     * @param transports makes what brings the reports of a run on their way; of the reporter alone,
     *     which closes it
     * @return a new reporter
     */
    public SpooledReporter reporter(Function<RunInfo, Transport> transports) {
      return new SpooledReporter(transports, this);
    }
  }
}
