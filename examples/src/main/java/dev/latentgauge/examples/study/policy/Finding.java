package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.study.statistics.Estimate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What was found of a way to stop runs.
 *
 * <p>Groups are drawn from halves of the runs. A group from a random half is a group from all runs,
 * so that the mean over halves is the mean over groups; and the mean of a half varies as much as
 * one of all runs would if they were others. Drawing with replacement would let a run compete with
 * itself.
 *
 * @param cell the way
 * @param runs of the task
 * @param halves the mean over the groups of each half
 */
record Finding(Cell cell, int runs, List<Outcome> halves) {

  private static final double CONFIDENCE = 0.95;

  /** Keeps the means. */
  Finding {
    halves = List.copyOf(halves);
  }

  /** A number over all groups; absent if it is undefined. */
  Optional<Estimate> estimate(ToDoubleFunction<Outcome> number) {
    return estimate(halves.stream().mapToDouble(number).toArray());
  }

  /** The same without its interval; NaN if it is undefined. */
  double value(ToDoubleFunction<Outcome> number) {
    return mean(halves.stream().mapToDouble(number).toArray());
  }

  /** A number less the same number of another way, in the same groups. */
  Optional<Estimate> difference(Finding other, ToDoubleFunction<Outcome> number) {
    double[] differences = new double[halves.size()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] =
          number.applyAsDouble(halves.get(i)) - number.applyAsDouble(other.halves.get(i));
    }
    return estimate(differences);
  }

  private Optional<Estimate> estimate(double[] numbers) {
    return Estimate.of(mean(numbers), numbers, runs, CONFIDENCE);
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers)
        .filter(number -> !Double.isNaN(number))
        .average()
        .orElse(Double.NaN);
  }
}
