package dev.latentgauge.benchmarks;

import dev.latentgauge.benchmarks.Interleaving.Round;
import dev.latentgauge.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
  private final List<Long> waits;
  private final long waitAtEnd;
  private final long ownNanos;
  private final double reportedRatio;
  private final Set<Integer> observed;
  private final List<Double> ratios = new ArrayList<>();

  private Overhead(
      List<Round> rounds,
      List<Long> stepsWith,
      List<Long> waits,
      long waitAtEnd,
      long ownNanos,
      List<Observation> observations) {
    this.rounds = List.copyOf(rounds);
    this.stepsWith = List.copyOf(stepsWith);
    this.waits = List.copyOf(waits);
    this.waitAtEnd = waitAtEnd;
    this.ownNanos = ownNanos;
    this.reportedRatio = reportedRatio(observations, stepsWith.size());
    this.observed = steps(observations);
    rounds.forEach(round -> ratios.add(ratioBetweenObservations(round)));
  }

  /**
   * What was measured by a listener around the monitor, less what that costs itself.
   *
   * @param stepsWith nanoseconds of every step of the training with the monitor
   * @param listener closed, as is its training
   * @param nothing the same around a listener that does nothing, of the training without
   * @param end when that training ended, by its own clock
   * @param observations in the order in which they were made, the baseline first
   */
  static Overhead of(
      List<Round> rounds,
      List<Long> stepsWith,
      TimedListener listener,
      TimedListener nothing,
      long end,
      List<Observation> observations) {
    long timing = Math.round(Quantiles.median(nothing.waits()));
    return new Overhead(
        rounds,
        stepsWith,
        listener.waits().stream().map(wait -> Math.max(0, wait - timing)).toList(),
        listener.waitAtEnd(),
        end - listener.baselineEnd(),
        observations);
  }

  /**
   * What was measured where nothing can be put around the monitor: at a step at which it observes,
   * the training waits for as long as that step takes longer than the median of the others.
   *
   * @param stepsWith nanoseconds of every step of the training with the monitor
   * @param closing nanoseconds that it took to close its trainer
   * @param end when that training ended, by its own clock
   * @param observations in the order in which they were made, the baseline first
   */
  static Overhead fromOutside(
      List<Round> rounds,
      List<Long> stepsWith,
      long closing,
      long end,
      List<Observation> observations) {
    Set<Integer> observed = steps(observations);
    IntPredicate isObserved = observed::contains;
    double usual =
        Quantiles.median(
            IntStream.range(0, stepsWith.size())
                .filter(isObserved.negate())
                .mapToObj(stepsWith::get)
                .toList());
    List<Long> waits =
        IntStream.range(0, stepsWith.size())
            .mapToObj(step -> isObserved.test(step) ? Math.round(stepsWith.get(step) - usual) : 0L)
            .toList();
    return new Overhead(rounds, stepsWith, waits, closing, end - stepsWith.get(0), observations);
  }

  /** Of the last observation on the way. */
  private static double reportedRatio(List<Observation> observations, int end) {
    return observations.stream()
        .filter(observation -> observation.key().step() > 0 && observation.key().step() < end)
        .reduce((earlier, later) -> later)
        .map(last -> last.overheadRatio().orElseThrow())
        .orElse(Double.NaN);
  }

  private static Set<Integer> steps(List<Observation> observations) {
    return observations.stream()
        .map(observation -> Math.toIntExact(observation.key().step()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private double ratioBetweenObservations(Round round) {
    long nanos = 0;
    for (int step = round.from(); step < round.to(); step++) {
      nanos += stepsWith.get(step);
      if (observed.contains(step)) {
        nanos -= waits.get(step);
      }
    }
    return (double) nanos / round.nanosWithout();
  }

  /** Steps a second of the training without the monitor, in each round. */
  List<Double> stepsPerSecond() {
    return rounds.stream()
        .map(round -> (round.to() - round.from()) / (round.nanosWithout() / 1e9))
        .toList();
  }

  /**
   * Time with the monitor by time without, for steps at which nothing is observed, in each round.
   */
  List<Double> ratiosBetweenObservations() {
    return List.copyOf(ratios);
  }

  /** Time with the monitor by time without, the observations included. */
  List<Double> ratios() {
    double factor = 1 / (1 - waitedRatio());
    return ratios.stream().map(ratio -> ratio * factor).toList();
  }

  /**
   * The share of its time since the baseline that the training waited for its monitor, as timed
   * from outside, until its end; without what the monitor does then.
   */
  double waitedRatio() {
    return (double) waitedOnTheWay() / (ownNanos - waitAtEnd);
  }

  /** The same with the observation at the end, and the delivery of the last reports. */
  double waitedRatioWithEnd() {
    return (double) (waitedOnTheWay() + waitAtEnd) / ownNanos;
  }

  private long waitedOnTheWay() {
    return waits.stream().skip(1).mapToLong(Long::longValue).sum();
  }

  /** The share that the monitor said with its last observation on the way; NaN without one. */
  double reportedRatio() {
    return reportedRatio;
  }

  /** How often it was observed after the baseline, while the training went on. */
  int observationsOnTheWay() {
    return (int) observed.stream().filter(step -> step > 0 && step < stepsWith.size()).count();
  }

  /**
   * How many milliseconds the training waited when it was observed; the baseline does not count.
   */
  double millisPerObservation() {
    return observed.stream()
        .filter(step -> step > 0 && step < stepsWith.size())
        .mapToDouble(step -> waits.get(step) / 1e6)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The median microseconds in the monitor at a step at which nothing is observed; NaN if there is
   * none.
   */
  double microsBetweenObservations() {
    return Quantiles.median(
            IntStream.range(0, waits.size())
                .filter(step -> !observed.contains(step))
                .mapToObj(waits::get)
                .toList())
        / 1e3;
  }
}
