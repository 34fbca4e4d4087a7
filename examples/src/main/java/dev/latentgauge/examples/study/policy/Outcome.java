package dev.latentgauge.examples.study.policy;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What became of a group, or of many on average.
 *
 * @param compute the steps that were taken, as a share of all
 * @param best 1 if the run with the highest accuracy at its end was trained to its end
 * @param asGood 1 if that one was, or another whose accuracy is at most a point lower
 * @param regret how much accuracy is lost, against the best of the group, by choosing among the
 *     runs that were trained to their ends the one with the highest value; not a number if none has
 *     a value
 * @param regretOfAll the same of training all runs to their ends
 */
record Outcome(double compute, double best, double asGood, double regret, double regretOfAll) {

  private static final double POINT = 0.01;
  private static final double ROUNDING = 1e-9;

  /**
   * Judges a group.
   *
   * @param endings how its runs ended
   * @param runs what was watched of them
   * @param accuracies what nobody has watched: theirs at the end of the whole training
   */
  static Outcome of(List<Ending> endings, List<Trajectory> runs, double[] accuracies) {
    double highest = Arrays.stream(accuracies).max().orElseThrow();
    double highestKept = Double.NEGATIVE_INFINITY;
    long spent = 0;
    long budget = 0;
    for (int i = 0; i < accuracies.length; i++) {
      spent += endings.get(i).spent();
      budget += runs.get(i).budget();
      if (endings.get(i).isWhole()) {
        highestKept = Math.max(highestKept, accuracies[i]);
      }
    }
    List<Ending> all = runs.stream().map(run -> new Ending(true, run.budget())).toList();
    return new Outcome(
        (double) spent / budget,
        highestKept == highest ? 1 : 0,
        highestKept >= highest - POINT - ROUNDING ? 1 : 0,
        highest - ofChosen(endings, runs, accuracies),
        highest - ofChosen(all, runs, accuracies));
  }

  private static double ofChosen(List<Ending> endings, List<Trajectory> runs, double[] accuracies) {
    double most = Double.NaN;
    double accuracy = Double.NaN;
    for (int i = 0; i < accuracies.length; i++) {
      double value = runs.get(i).lastValue();
      boolean isBetter = Double.isNaN(most) ? !Double.isNaN(value) : value > most;
      if (endings.get(i).isWhole() && isBetter) {
        most = value;
        accuracy = accuracies[i];
      }
    }
    return accuracy;
  }

  /** The mean of several; of each number over those in which it is defined. */
  static Outcome mean(List<Outcome> several) {
    return new Outcome(
        mean(several, Outcome::compute),
        mean(several, Outcome::best),
        mean(several, Outcome::asGood),
        mean(several, Outcome::regret),
        mean(several, Outcome::regretOfAll));
  }

  private static double mean(List<Outcome> several, ToDoubleFunction<Outcome> number) {
    return several.stream()
        .mapToDouble(number)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }
}
