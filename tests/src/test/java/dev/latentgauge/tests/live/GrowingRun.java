package dev.latentgauge.tests.live;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import java.time.Instant;
import java.util.List;

/** A run that reports when it is told to. Not thread-safe. */
public final class GrowingRun {

  private final CollectorApi collector;
  private final SyntheticRun run;
  private long next;

  private GrowingRun(CollectorApi collector, SyntheticRun run, long next) {
    this.collector = collector;
    this.run = run;
    this.next = next;
  }

  /** Registers a run that has reported nothing yet; another of its name is deleted. */
  public static GrowingRun begin(CollectorApi collector, SyntheticRun run, Instant now) {
    collector.delete(run.name());
    collector.register(run.info().withStartedAt(now));
    return new GrowingRun(collector, run, 0);
  }

  /** Goes on with a run of which the history is there. */
  public static GrowingRun after(CollectorApi collector, SyntheticRun run) {
    return new GrowingRun(collector, run, run.length());
  }

  /** What it is. */
  public SyntheticRun run() {
    return run;
  }

  /** Whether it has come to the end of its history. */
  boolean isOver() {
    return next >= run.length();
  }

  /**
   * Reports the next observation of each layer.
   *
   * @return what was reported
   */
  public List<Observation> report(Instant now) {
    List<Observation> observations = run.observations(next++, now);
    collector.report(run.name(), observations);
    return observations;
  }

  /** Reports as {@link #report}, and stops if the collector says so; whether it goes on. */
  boolean reportAndObey(Instant now) {
    Directive directive = collector.report(run.name(), run.observations(next++, now));
    if (directive.stops()) {
      collector.end(
          run.name(),
          new RunEnd(RunEnd.State.STOPPED, "the collector said so: " + directive.reason()));
    }
    return !directive.stops();
  }

  /** Ends it. */
  public void end() {
    collector.end(run.name(), Posting.end(run.fate()));
  }
}
