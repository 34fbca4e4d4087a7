package dev.latentgauge.collector.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The runs that are shown: the live ones, and those that ended not long ago.
 *
 * <p>An ended run lingers, so that its last values are scraped; then it is forgotten here, and
 * Prometheus marks its series stale. What is stored is unaffected.
 *
 * <p>How long a run has ended or is silent is told by a clock that does not jump: otherwise every
 * run would be taken for lost when somebody sets the machine's clock right. For the same reason
 * silence from before the process began counts for nothing: while there was no collector, no run
 * could give word. Only how long ago a run ended that is heard of for the first time must be told
 * by the machine's clock.
 *
 * <p>Thread-safe. A reader sees each run as it was at one moment.
 */
public final class RunRegistry implements RunListener {

  private final Map<String, Shown> runs = new ConcurrentHashMap<>();
  private final Duration linger;
  private final InstantSource clock;
  private final InstantSource stopwatch;

  /** A run, when it last gave word, and since when it has ended, by the stopwatch. */
  private record Shown(Run run, Instant heard, Optional<Instant> ended) {}

  /**
   * An empty registry.
   *
   * @param linger how long an ended run is still shown, at least 0
   * @param clock says how long a run has ended that is heard of for the first time
   * @param stopwatch a clock that does not jump
   */
  public RunRegistry(Duration linger, InstantSource clock, InstantSource stopwatch) {
    this.linger = linger;
    this.clock = clock;
    this.stopwatch = stopwatch;
  }

  @Override
  public void changed(Run run) {
    Instant now = stopwatch.instant();
    runs.compute(run.name(), (name, before) -> shown(run, before, now));
  }

  private @Nullable Shown shown(Run run, @Nullable Shown before, Instant now) {
    if (before == null) {
      return isLate(run)
          ? null
          : new Shown(run, now, run.ending().map(ending -> now.minus(age(ending))));
    }
    boolean gaveWord = !run.heardAt().equals(before.run.heardAt());
    boolean sameEnd = run.ending().isPresent() && run.ending().equals(before.run.ending());
    return new Shown(
        run,
        gaveWord ? now : before.heard,
        sameEnd ? before.ended : run.ending().map(ending -> now));
  }

  /**
   * How long ago a run ended that is heard of for the first time. All collectors of a history must
   * forget it at about the same time, also those that began after its end.
   */
  private Duration age(Run.Ending ending) {
    Duration age = Duration.between(ending.at(), clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Whether this is a late word of a run that was forgotten. */
  private boolean isLate(Run run) {
    return run.ending()
        .filter(ending -> !run.heardAt().isBefore(ending.at().plus(linger)))
        .isPresent();
  }

  @Override
  public void deleted(String name) {
    runs.remove(name);
  }

  @Override
  public void startedOver(List<Run> recent) {
    runs.keySet().retainAll(recent.stream().map(Run::name).collect(Collectors.toSet()));
    recent.forEach(this::changed);
  }

  /**
   * The runs that are shown now; those whose time is up are forgotten.
   *
   * @return the runs in no order
   */
  public List<Run> shown() {
    forget();
    return runs.values().stream().map(Shown::run).toList();
  }

  /** Forgets the runs whose time is up; to be called now and then, in case that nobody looks. */
  public void forget() {
    Instant now = stopwatch.instant();
    runs.values().removeIf(shown -> shown.ended.filter(ended -> isOver(ended, now)).isPresent());
  }

  private boolean isOver(Instant ended, Instant now) {
    return Duration.between(ended, now).compareTo(linger) >= 0;
  }

  /**
   * Live runs that have given no word for long.
   *
   * @param time for how long
   * @return the runs in no order
   */
  public List<Run> silentFor(Duration time) {
    Instant since = stopwatch.instant().minus(time);
    return runs.values().stream()
        .filter(shown -> shown.run.live() && !shown.heard.isAfter(since))
        .map(Shown::run)
        .toList();
  }
}
