package dev.latentgauge.collector;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.bus.BusOptions;
import dev.latentgauge.collector.event.EventLimits;
import dev.latentgauge.collector.exposition.MetricChoice;
import dev.latentgauge.collector.scoring.EngineLoader;
import dev.latentgauge.collector.scoring.ScoringLimits;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.time.SteadyClock;
import dev.latentgauge.collector.web.BodyLimits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a collector is set up. Immutable.
 *
 * @param host the name or address to listen on
 * @param port the port to listen on, from 0 to 65535; 0 picks a free one
 * @param linger how long an ended run is still shown to Prometheus, at least 0
 * @param lostAfter how long a live run may give no word before it is taken for lost, above 0
 * @param keep how long a run is kept after its end, above 0; empty is as long as there is room
 * @param database where runs and observations are kept; empty is a file in the data folder
 * @param bus which reports are taken from Kafka; empty for none
 * @param capacity how much may be stored
 * @param bodyBytes the most bytes in the body of a report, at least 1
 * @param bodyBytesAtOnce the most bytes in all bodies that are read or decoded at once, at least
 *     {@code bodyBytes}
 * @param bodyTime how long the body of a report may take to arrive, at least 1 ms
 * @param idleTime how long a connection may be silent, at least 1 s
 * @param observationsPerReport the most observations in a report, at least 1
 * @param data the folder for its files, made if it is missing
 * @param uploads how large embeddings and references may be
 * @param scoring how much is scored at once
 * @param events how much is kept and done for those who read events
 * @param metrics which metrics of runs Prometheus is shown
 * @param engine makes the engine ready before its first use
 * @param shutdownDelay how long requests are still accepted after it was told to end, while it says
 *     that it is not ready, at least 0 and less than {@code shutdownDeadline}
 * @param shutdownDeadline how long it may take to end, the delay included, at least 1 s
 * @param meters more of the process's own meters, such as those of its logger
 * @param access how it is guarded
 * @param clock says what time it is
 * @param stopwatch says how long something takes; must not jump
 */
public record CollectorOptions(
    String host,
    int port,
    Duration linger,
    Duration lostAfter,
    Optional<Duration> keep,
    Optional<Database> database,
    Optional<BusOptions> bus,
    Capacity capacity,
    int bodyBytes,
    long bodyBytesAtOnce,
    Duration bodyTime,
    Duration idleTime,
    int observationsPerReport,
    Path data,
    BodyLimits uploads,
    ScoringLimits scoring,
    EventLimits events,
    MetricChoice metrics,
    EngineLoader engine,
    Duration shutdownDelay,
    Duration shutdownDeadline,
    MeterBinder meters,
    AccessOptions access,
    InstantSource clock,
    InstantSource stopwatch) {

  /** The folder for a collector's files unless it is told otherwise. */
  public static final String DEFAULT_DATA = "latentgauge-data";

  /** The host that a collector listens on unless it is told otherwise. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** The port that a collector listens on unless it is told otherwise. */
  public static final int DEFAULT_PORT = 9475;

  /** How long an ended run is shown unless told otherwise, in seconds: two scrapes and more. */
  public static final int DEFAULT_LINGER_SECONDS = 60;

  /** How long a live run may give no word unless told otherwise, in hours. */
  public static final int DEFAULT_LOST_AFTER_HOURS = 6;

  /**
   * Checks the settings.
   *
   * @throws InvalidOptionsException if a setting is out of its range; names all that are
   */
  public CollectorOptions {
    List<String> mistakes = new ArrayList<>();
    if (host.isBlank()) {
      mistakes.add("host must be a name or an address, but is blank");
    }
    if (port < 0 || port > 65535) {
      mistakes.add("port must be from 0 to 65535, but is " + port);
    }
    if (linger.isNegative()) {
      mistakes.add("linger must be at least 0 s, but is " + linger.toSeconds() + " s");
    }
    requireAtLeast(1, "lostAfter in ms", lostAfter.toMillis(), mistakes);
    keep.ifPresent(age -> requireAtLeast(1, "keep in ms", age.toMillis(), mistakes));
    requireAtLeast(1, "bodyBytes", bodyBytes, mistakes);
    requireAtLeast(bodyBytes, "bodyBytesAtOnce", bodyBytesAtOnce, mistakes);
    requireAtLeast(1, "observationsPerReport", observationsPerReport, mistakes);
    requireAtLeast(1, "bodyTime in ms", bodyTime.toMillis(), mistakes);
    requireAtLeast(1, "idleTime in s", idleTime.toSeconds(), mistakes);
    requireAtLeast(0, "shutdownDelay in ms", shutdownDelay.toMillis(), mistakes);
    requireAtLeast(1000, "shutdownDeadline in ms", shutdownDeadline.toMillis(), mistakes);
    if (shutdownDelay.compareTo(shutdownDeadline) >= 0) {
      mistakes.add(
          "shutdownDelay must be less than shutdownDeadline, which is "
              + shutdownDeadline.toMillis()
              + " ms, but is "
              + shutdownDelay.toMillis()
              + " ms");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidOptionsException(mistakes);
    }
  }

  private static void requireAtLeast(long least, String what, long number, List<String> mistakes) {
    if (number < least) {
      mistakes.add(what + " must be at least " + least + ", but is " + number);
    }
  }

  /**
   * Starts from what suits most.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings, which are checked together in the end. */
  public static final class Builder {
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private Duration linger = Duration.ofSeconds(DEFAULT_LINGER_SECONDS);
    private Duration lostAfter = Duration.ofHours(DEFAULT_LOST_AFTER_HOURS);
    private Optional<Duration> keep = Optional.empty();
    private Optional<Database> database = Optional.empty();
    private Optional<BusOptions> bus = Optional.empty();
    private Capacity capacity = Capacity.DEFAULT;
    private int bodyBytes = 1 << 20;
    private long bodyBytesAtOnce = 64 << 20;
    private Duration bodyTime = Duration.ofSeconds(30);
    private Duration idleTime = Duration.ofSeconds(75);
    private int observationsPerReport = 1000;
    private Path data = Path.of(DEFAULT_DATA);
    private BodyLimits uploads = BodyLimits.UPLOADS;
    private ScoringLimits scoring = ScoringLimits.DEFAULT;
    private EventLimits events = EventLimits.DEFAULT;
    private MetricChoice metrics = MetricChoice.ALL;
    private EngineLoader engine = EngineLoader.NONE;
    private Duration shutdownDelay = Duration.ZERO;
    private Duration shutdownDeadline = Duration.ofSeconds(20);
    private MeterBinder meters = registry -> {};
    private AccessOptions access = AccessOptions.DEFAULT;
    private InstantSource clock = Clock.systemUTC();
    private InstantSource stopwatch = new SteadyClock(Clock.systemUTC());

    private Builder() {}

    /**
     * Sets where to listen.
     *
     * @param host a name or an address
     * @return this builder
     */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /**
     * Sets the port to listen on.
     *
     * @param port from 0 to 65535; 0 picks a free one
     * @return this builder
     */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Sets how long an ended run is still shown to Prometheus.
     *
     * @param linger at least 0; two scrape intervals are sensible
     * @return this builder
     */
    public Builder linger(Duration linger) {
      this.linger = linger;
      return this;
    }

    /**
     * Sets how long a live run may give no word before it is taken for lost.
     *
     * @param lostAfter above 0; longer than the longest time between two reports
     * @return this builder
     */
    public Builder lostAfter(Duration lostAfter) {
      this.lostAfter = lostAfter;
      return this;
    }

    /**
     * Sets how long a run is kept after its end.
     *
     * @param keep above 0; empty is as long as there is room
     * @return this builder
     */
    public Builder keep(Optional<Duration> keep) {
      this.keep = keep;
      return this;
    }

    /**
     * Sets where runs and observations are kept.
     *
     * @param database a database; empty is a file in the data folder
     * @return this builder
     */
    public Builder database(Optional<Database> database) {
      this.database = database;
      return this;
    }

    /**
     * Sets which reports are taken from Kafka, besides those by HTTP.
     *
     * @param bus brokers, topic and group; empty for none
     * @return this builder
     */
    public Builder bus(Optional<BusOptions> bus) {
      this.bus = bus;
      return this;
    }

    /**
     * Sets how much may be stored.
     *
     * @param capacity the limits
     * @return this builder
     */
    public Builder capacity(Capacity capacity) {
      this.capacity = capacity;
      return this;
    }

    /**
     * Sets the most bytes in the body of a report.
     *
     * @param bodyBytes at least 1
     * @return this builder
     */
    public Builder bodyBytes(int bodyBytes) {
      this.bodyBytes = bodyBytes;
      return this;
    }

    /**
     * Sets the most bytes in all bodies of reports that are read or decoded at once.
     *
     * @param bodyBytesAtOnce at least the most bytes of one
     * @return this builder
     */
    public Builder bodyBytesAtOnce(long bodyBytesAtOnce) {
      this.bodyBytesAtOnce = bodyBytesAtOnce;
      return this;
    }

    /**
     * Sets how long the body of a report may take to arrive.
     *
     * @param bodyTime at least 1 ms
     * @return this builder
     */
    public Builder bodyTime(Duration bodyTime) {
      this.bodyTime = bodyTime;
      return this;
    }

    /**
     * Sets how long a connection may be silent before it is closed.
     *
     * @param idleTime at least 1 s; longer than the scrape interval saves connections
     * @return this builder
     */
    public Builder idleTime(Duration idleTime) {
      this.idleTime = idleTime;
      return this;
    }

    /**
     * Sets the most observations in a report.
     *
     * @param observationsPerReport at least 1
     * @return this builder
     */
    public Builder observationsPerReport(int observationsPerReport) {
      this.observationsPerReport = observationsPerReport;
      return this;
    }

    /**
     * Sets where it keeps its files.
     *
     * @param data a folder, made if it is missing
     * @return this builder
     */
    public Builder data(Path data) {
      this.data = data;
      return this;
    }

    /**
     * Sets how large embeddings and references may be.
     *
     * @param uploads the limits
     * @return this builder
     */
    public Builder uploads(BodyLimits uploads) {
      this.uploads = uploads;
      return this;
    }

    /**
     * Sets how much is scored at once.
     *
     * @param scoring the limits
     * @return this builder
     */
    public Builder scoring(ScoringLimits scoring) {
      this.scoring = scoring;
      return this;
    }

    /**
     * Sets how much is kept and done for those who read events.
     *
     * @param events the limits
     * @return this builder
     */
    public Builder events(EventLimits events) {
      this.events = events;
      return this;
    }

    /**
     * Sets which metrics of runs Prometheus is shown.
     *
     * @param metrics the choice
     * @return this builder
     */
    public Builder metrics(MetricChoice metrics) {
      this.metrics = metrics;
      return this;
    }

    /**
     * Sets what makes the engine ready.
     *
     * @param engine called before its first use
     * @return this builder
     */
    public Builder engine(EngineLoader engine) {
      this.engine = engine;
      return this;
    }

    /**
     * Sets how long it may take to end.
     *
     * @param delay how long requests are still accepted, while it says that it is not ready, at
     *     least 0
     * @param deadline how long all of it may take, the delay included, at least 1 s
     * @return this builder
     */
    public Builder shutdown(Duration delay, Duration deadline) {
      this.shutdownDelay = delay;
      this.shutdownDeadline = deadline;
      return this;
    }

    /**
     * Adds more of the process's own meters.
     *
     * @param meters such as those of its logger
     * @return this builder
     */
    public Builder meters(MeterBinder meters) {
      this.meters = meters;
      return this;
    }

    /**
     * Sets how it is guarded.
     *
     * @param access tokens, TLS and limits
     * @return this builder
     */
    public Builder access(AccessOptions access) {
      this.access = access;
      return this;
    }

    /**
     * Sets the clock.
     *
     * @param clock says what time it is
     * @return this builder
     */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Sets what times things.
     *
     * @param stopwatch a clock that does not jump
     * @return this builder
     */
    public Builder stopwatch(InstantSource stopwatch) {
      this.stopwatch = stopwatch;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a setting is out of its range; names all that are
     */
    public CollectorOptions build() {
      return new CollectorOptions(
          host,
          port,
          linger,
          lostAfter,
          keep,
          database,
          bus,
          capacity,
          bodyBytes,
          bodyBytesAtOnce,
          bodyTime,
          idleTime,
          observationsPerReport,
          data,
          uploads,
          scoring,
          events,
          metrics,
          engine,
          shutdownDelay,
          shutdownDeadline,
          meters,
          access,
          clock,
          stopwatch);
    }
  }
}
