package dev.latentgauge.collector.run;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a run, at one moment.
 *
 * <p>Immutable. Its life is in the methods that answer a changed copy: it is live from its
 * registration until its end; an ended run still takes observations and stays ended; a new attempt
 * makes it live again. A run that was taken for lost is live again with its next word, whatever
 * that is.
 *
 * @param info what was said of it; the attempt is the highest that was heard of
 * @param registeredAt when it was first heard of, by the collector's clock
 * @param heardAt when it was last heard of, by the collector's clock
 * @param ending when and how it ended; empty while it is live
 * @param directive what the current attempt is told to do
 * @param observations how many observations are stored, at least 0
 * @param series where each of its series stands
 */
public record Run(
    RunInfo info,
    Instant registeredAt,
    Instant heardAt,
    Optional<Ending> ending,
    Directive directive,
    long observations,
    SortedMap<Series, SeriesState> series) {

  /**
   * The order in which observations were made: by attempt, then by step, then by time. What is last
   * is what a run is shown by.
   */
  public static final Comparator<Observation> NEWEST_LAST =
      Comparator.comparingInt((Observation observation) -> observation.key().attempt())
          .thenComparingLong(observation -> observation.key().step())
          .thenComparing(Observation::time);

  /**
   * An end and when it was reported, or found out.
   *
   * @param at by the collector's clock
   * @param state any but {@link RunState#LIVE}
   * @param reason why, for people; may be empty
   */
  public record Ending(Instant at, RunState state, String reason) {
    /**
     * Checks the state.
     *
     * @throws IllegalArgumentException if a live run is said to have ended
     */
    public Ending {
      if (state == RunState.LIVE) {
        throw new IllegalArgumentException("a run that ended must not be live");
      }
    }
  }

  /** Keeps an unmodifiable copy of the series. */
  public Run {
    series = Collections.unmodifiableSortedMap(new TreeMap<>(series));
  }

  /**
   * A run that was just heard of.
   *
   * @param info what is known of it
   * @param now the time
   * @return a live run without observations
   */
  public static Run registered(RunInfo info, Instant now) {
    return new Run(info, now, now, Optional.empty(), Directive.CONTINUE, 0, new TreeMap<>());
  }

  /**
   * The name of the run.
   *
   * @return a name as {@link dev.latentgauge.observation.Names} allows it
   */
  public String name() {
    return info.name();
  }

  /**
   * The process that trains it, or did last.
   *
   * @return the attempt, from 1
   */
  public int attempt() {
    return info.attempt();
  }

  /**
   * Whether it is under way, or how it ended.
   *
   * @return the state
   */
  public RunState state() {
    return ending.map(Ending::state).orElse(RunState.LIVE);
  }

  /**
   * Whether it has not ended.
   *
   * @return true if {@link #state()} is {@link RunState#LIVE}
   */
  public boolean live() {
    return ending.isEmpty();
  }

  /**
   * The newest observation of the current attempt, over all series.
   *
   * @return the observation; empty if the attempt has none yet
   */
  public Optional<Observation> newest() {
    return series.values().stream()
        .map(SeriesState::latest)
        .filter(observation -> observation.key().attempt() == attempt())
        .max(NEWEST_LAST);
  }

  /**
   * Says anew what is known of the run; a higher attempt makes it live again. When an attempt
   * started stays known.
   *
   * @param newInfo what is known now, of an attempt that is no lower
   * @return a copy with it
   */
  public Run with(RunInfo newInfo) {
    boolean begins = newInfo.attempt() > attempt();
    RunInfo known =
        begins || newInfo.startedAt().isPresent()
            ? newInfo
            : info.startedAt().map(newInfo::withStartedAt).orElse(newInfo);
    return begins
        ? new Run(
            known,
            registeredAt,
            heardAt,
            Optional.empty(),
            Directive.CONTINUE,
            observations,
            series)
        : new Run(known, registeredAt, heardAt, ending, directive, observations, series);
  }

  /**
   * Adds observations that were not there before; one of a higher attempt makes the run live again.
   *
   * @param more the observations, in any order
   * @return a copy with them; takes time in the number of series and of new observations
   */
  public Run observed(Collection<Observation> more) {
    SortedMap<Series, SeriesState> changed = new TreeMap<>(series);
    int highest = attempt();
    for (Observation observation : more) {
      changed.merge(
          Series.of(observation.key()),
          SeriesState.first(observation),
          (state, first) -> state.and(first.latest()));
      highest = Math.max(highest, observation.key().attempt());
    }
    Run reopened = reached(highest);
    return new Run(
        reopened.info,
        registeredAt,
        heardAt,
        reopened.ending,
        reopened.directive,
        observations + more.size(),
        changed);
  }

  /**
   * Takes note of the attempt of a report; a higher one makes the run live again.
   *
   * @param attempt from 1; one that is lower changes nothing
   * @return a copy with it
   */
  public Run reached(int attempt) {
    return attempt > attempt() ? with(raisedTo(attempt)) : this;
  }

  /**
   * Ends the run; the same end again changes nothing, another one takes its place.
   *
   * @param end how and why; of an attempt that is no lower, if it says of which
   * @param now the time
   * @return an ended copy
   */
  public Run ended(RunEnd end, Instant now) {
    RunState state = RunState.of(end.state());
    boolean isKnown =
        end.attempt().orElse(attempt()) == attempt()
            && ending
                .filter(known -> known.state() == state && known.reason().equals(end.reason()))
                .isPresent();
    return isKnown
        ? this
        : new Run(
            raisedTo(end.attempt().orElse(attempt())),
            registeredAt,
            heardAt,
            Optional.of(new Ending(notBeforeItsBeginning(now), state, end.reason())),
            directive,
            observations,
            series);
  }

  /**
   * Takes note that the run gave word of itself; one that was taken for lost is live again.
   *
   * @param now the time
   * @return a copy with it
   */
  public Run heard(Instant now) {
    return new Run(
        info,
        registeredAt,
        now,
        ending.filter(known -> known.state() != RunState.LOST),
        directive,
        observations,
        series);
  }

  /**
   * Takes the run for lost, since it gave no word for too long.
   *
   * @param now the time
   * @return a copy that ended
   */
  public Run lost(Instant now) {
    Ending ending =
        new Ending(notBeforeItsBeginning(now), RunState.LOST, "no word since " + heardAt);
    return new Run(
        info, registeredAt, heardAt, Optional.of(ending), directive, observations, series);
  }

  /**
   * Tells the current attempt what to do; it hears of it in the answer to its next report.
   *
   * @param what the directive
   * @return a copy with it
   */
  public Run directed(Directive what) {
    return new Run(info, registeredAt, heardAt, ending, what, observations, series);
  }

  /** A clock that was set back must not make a run old that has just ended. */
  private Instant notBeforeItsBeginning(Instant now) {
    return now.isBefore(registeredAt) ? registeredAt : now;
  }

  /** What is known of the run if a higher attempt is heard of: not when that started. */
  private RunInfo raisedTo(int attempt) {
    return attempt == attempt()
        ? info
        : new RunInfo(
            name(),
            attempt,
            info.model(),
            info.dataset(),
            info.tags(),
            Optional.empty(),
            info.command());
  }
}
