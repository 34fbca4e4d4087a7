package dev.latentgauge.benchmarks;

import dev.latentgauge.benchmarks.Interleaving.Round;
import dev.latentgauge.benchmarks.Quantiles.Interval;
import dev.latentgauge.observation.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a monitor cost the training that it was attached to.
 *
 * <p>Observations are few, and fall into few rounds: a median over rounds would not see them, and a
 * mean sees whatever else the machine does. So the steps between them are compared round by round,
 * by the median, and the time of the observations, which is known to the microsecond, is spread
 * evenly over all steps.
 */
final class Overhead {

  private final List<Round> rounds;
  private final List<Long> stepsWith;
  private final TimedListener listener;
  private final long ownNanos;
  private final List<Observation> observations;
  private final Set<Long> observed = new HashSet<>();
  private final List<Double> ratios = new ArrayList<>();

  /**
   * What was measured.
   *
   * @param stepsWith nanoseconds of every step of the training with the monitor
   * @param listener closed, as is its training
   * @param ownNanos when that training ended, by its own clock
   * @param observations in the order in which they were made, the baseline first
   */
  Overhead(
      List<Round> rounds,
      List<Long> stepsWith,
      TimedListener listener,
      long ownNanos,
      List<Observation> observations) {
    this.rounds = List.copyOf(rounds);
    this.stepsWith = List.copyOf(stepsWith);
    this.listener = listener;
    this.ownNanos = ownNanos;
    this.observations = List.copyOf(observations);
    observations.forEach(observation -> observed.add(observation.key().step()));
    rounds.forEach(round -> ratios.add(ratioBetweenObservations(round)));
  }

  private double ratioBetweenObservations(Round round) {
    long nanos = 0;
    for (int step = round.from(); step < round.to(); step++) {
      nanos += stepsWith.get(step);
      if (observed.contains((long) step)) {
        nanos -= listener.waits().get(step);
      }
    }
    return (double) nanos / round.nanosWithout();
  }

  /** Steps a second of the training without the monitor, in the median round. */
  double stepsPerSecond() {
    return Quantiles.median(
        rounds.stream()
            .map(round -> (round.to() - round.from()) / (round.nanosWithout() / 1e9))
            .toList());
  }

  /** Time with the monitor by time without, for steps at which nothing is observed. */
  double ratioBetweenObservations() {
    return Quantiles.median(ratios);
  }

  /** The interval of 95 % of {@link #ratioBetweenObservations()}. */
  Interval intervalBetweenObservations() {
    return Quantiles.ofMedian(ratios);
  }

  /** Time with the monitor by time without, the observations included. */
  double ratio() {
    return ratioBetweenObservations() * observationFactor();
  }

  /** The interval of 95 % of {@link #ratio()}. */
  Interval interval() {
    return intervalBetweenObservations().times(observationFactor());
  }

  private double observationFactor() {
    return 1 / (1 - waitedRatio());
  }

  /**
   * The share of its time since the baseline that the training waited for its monitor, as timed by
   * its listener: what the monitor says itself, seen from outside.
   */
  double waitedRatio() {
    long waited = listener.waitAtEnd();
    for (Long wait : listener.waits().subList(1, listener.waits().size())) {
      waited += wait;
    }
    return (double) waited / (ownNanos - listener.baselineEnd());
  }

  /** The share that the monitor said with its last observation. */
  OptionalDouble reportedRatio() {
    return observations.get(observations.size() - 1).overheadRatio();
  }

  /** Observations after the baseline, while the training went on. */
  int observationsOnTheWay() {
    return (int)
        observations.stream()
            .map(observation -> observation.key().step())
            .filter(step -> step > 0 && step < stepsWith.size())
            .count();
  }

  /** Milliseconds that an observation took, by the monitor's clock; the baseline does not count. */
  double millisPerObservation() {
    return observations.stream()
        .skip(1)
        .mapToDouble(observation -> observation.probeSeconds().orElseThrow() * 1e3)
        .average()
        .orElseThrow();
  }

  /** The median nanoseconds in the monitor at a step at which nothing is observed. */
  double nanosBetweenObservations() {
    List<Long> others = new ArrayList<>();
    for (int step = 0; step < listener.waits().size(); step++) {
      if (!observed.contains((long) step)) {
        others.add(listener.waits().get(step));
      }
    }
    return Quantiles.median(others);
  }
}
