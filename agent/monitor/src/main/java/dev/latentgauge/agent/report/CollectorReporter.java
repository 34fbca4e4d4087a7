package dev.latentgauge.agent.report;

import dev.latentgauge.delivery.CollectorClient;
import dev.latentgauge.delivery.Courier;
import dev.latentgauge.delivery.SketchCourier;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.reference.SketchFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends the reports of one run to a collector over HTTP.
 *
 * <p>Reports go to a spool on disk at once, and from there to the collector on a thread of its own;
 * what was handed over is lost neither when the collector is away nor when the process is killed.
 * What is left at the end is sent by the next process of the run that has the same folder, or by
 * {@code java -jar latentgauge.jar replay DIR}.
 *
 * <p>While the collector cannot be reached, does not answer in full within 15 s, cannot take more
 * just now or does not let us in (status 401, 403, 404, 407, 408, 421, 425, 429, 3xx, 5xx), reports
 * wait and are sent again; the collector takes each once however often it comes. A report that it
 * refuses for good (another 4xx) is given up. If it refuses the run itself, as it does when another
 * training has taken its name and attempt, then nothing of the run is sent to it. No more than 64
 * KiB of an answer are read.
 *
 * <p>A bearer token is sent if the environment variable {@code LATENTGAUGE_TOKEN} holds one, or
 * {@code LATENTGAUGE_TOKEN_FILE} names a file that does, or a builder says where it is.
 */
public final class CollectorReporter implements Reporter {

  private final CollectorClient client;
  private final SpooledReporter spooled;

  /** Written by the thread of the reporter alone. */
  private volatile @Nullable SketchCourier sketches;

  private CollectorReporter(Builder builder) {
    this.client = builder.client.build();
    this.spooled = builder.spool.reporter(run -> client);
  }

  /**
   * A reporter to a collector, with its spool in {@code ./latentgauge-spool}.
   *
   * @param collector the address of the collector, such as {@code http://127.0.0.1:9475}; it need
   *     not be up yet
   * @return a new reporter
   * @throws IllegalArgumentException if it is not an absolute http or https address without user
   *     information, query and fragment, or if a token of the environment would go over plain http
   *     to another machine
   */
  public static CollectorReporter to(URI collector) {
    return builder(collector).build();
  }

  /**
   * Starts a reporter to a collector.
   *
   * @param collector the address of the collector, as for {@link #to}
   * @return a builder, which checks the address in {@link Builder#build}
   */
  public static Builder builder(URI collector) {
    return new Builder(collector);
  }

  /**
   * Opens the spool, and registers the run once the collector can be reached.
   *
   * @throws IllegalStateException if the reporter has another run already
   */
  @Override
  public void begin(RunInfo run) {
    spooled.begin(run);
  }

  /** Returns when the observations are on disk, whatever the collector does. */
  @Override
  public void observed(RunInfo run, List<Observation> observations) {
    spooled.observed(run, observations);
  }

  /**
   * Hands the sketch to a thread of its own; it is kept in memory alone, until a newer one of the
   * layer and the probe set comes.
   */
  @Override
  public void sketch(RunInfo run, LayerSketch sketch) {
    Courier courier = spooled.courier();
    SketchCourier sender = sketches;
    if (sender == null) {
      sender = SketchCourier.start(client.another(), courier, run.name(), new SplittableRandom());
      sketches = sender;
    }
    Map<String, String> circumstances =
        Map.of(
            "attempt", Integer.toString(run.attempt()),
            "step", Long.toString(sketch.step()),
            "epoch", Double.toString(sketch.epoch()),
            "time", sketch.time().toString());
    sender.add(sketch.layer(), sketch.probes(), circumstances, SketchFile.bytes(sketch.sketch()));
  }

  @Override
  public void end(RunInfo run, RunEnd end) {
    spooled.end(run, end);
  }

  @Override
  public Optional<Directive> directive() {
    return spooled.directive();
  }

  /** Counts reports, of an earlier process too while they are delivered. */
  @Override
  public Backlog backlog() {
    Backlog reports = spooled.backlog();
    SketchCourier sender = sketches;
    return sender == null
        ? reports
        : new Backlog(reports.spooled(), reports.dropped() + sender.dropped());
  }

  /**
   * Waits until all is delivered, or until it is interrupted; then says in the log what is kept.
   */
  @Override
  public void close() {
    spooled.close();
    SketchCourier sender = sketches;
    if (sender != null) {
      sender.close();
    }
  }

  /** Collects the settings of a reporter. */
  public static final class Builder {

    private final CollectorClient.Builder client;
    private final SpooledReporter.Settings spool = new SpooledReporter.Settings();

    private Builder(URI collector) {
      this.client = CollectorClient.builder(collector);
    }

    /**
     * Sets where reports are kept until they are delivered.
     *
     * @param folder shared by any number of processes and runs, made if it is missing; unless set,
     *     {@code ./latentgauge-spool}
     * @return this builder
     */
    public Builder spool(Path folder) {
      spool.spool(folder);
      return this;
    }

    /**
     * Keeps reports in memory alone; those that are not delivered are lost with the process.
     *
     * @return this builder
     */
    public Builder withoutSpool() {
      spool.withoutSpool();
      return this;
    }

    /**
     * Sets how much may wait; beyond it the oldest observations are dropped and counted.
     *
     * @param bytes of observations, at least 1 MiB; unless set, 256 MiB. The file may be some three
     *     times as large. In memory no more than 8 MiB wait
     * @return this builder
     */
    public Builder spoolLimit(long bytes) {
      spool.spoolLimit(bytes);
      return this;
    }

    /**
     * Takes the bearer token from a file, read for every request, so that it may change.
     *
     * @param file a text of one token; white space around it is ignored
     * @return this builder
     */
    public Builder tokenFile(Path file) {
      client.tokenFile(file);
      return this;
    }

    /**
     * Takes the bearer token from a variable of the environment.
     *
     * @param name its name; it must be set
     * @return this builder
     */
    public Builder tokenVariable(String name) {
      client.tokenVariable(name);
      return this;
    }

    /**
     * Trusts certificates in place of those that the JVM trusts.
     *
     * @param certificates a file of one or more in PEM
     * @return this builder
     */
    public Builder trust(Path certificates) {
      client.trust(certificates);
      return this;
    }

    /**
     * Lets a token go over plain http to another machine, where whoever is on the way can read it.
     *
     * @return this builder
     */
    public Builder allowTokenOverHttp() {
      client.allowTokenOverHttp();
      return this;
    }

    /**
     * What is wrong with the settings.
     *
     * @return a sentence for each mistake; empty if {@link #build} will succeed, unless a file
     *     changes
     */
    public List<String> mistakes() {
      List<String> mistakes = new ArrayList<>(client.mistakes());
      mistakes.addAll(spool.mistakes());
      return mistakes;
    }

    /**
     * Makes the reporter.
     *
     * @return a new reporter
     * @throws IllegalArgumentException if there are mistakes; the message has them all
     */
    public CollectorReporter build() {
      List<String> mistakes = mistakes();
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", mistakes));
      }
      return new CollectorReporter(this);
    }
  }
}
