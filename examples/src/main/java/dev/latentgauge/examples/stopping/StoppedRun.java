package dev.latentgauge.examples.stopping;

import dev.latentgauge.agent.Stopped;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A training at its full length, and where it would have been stopped.
 *
 * @param kind the kind of training
 * @param seed of its weights and batches
 * @param stepsPerEpoch updates a pass over its data
 * @param accuracies on all test images, from 0 to 1, by the number of updates
 * @param scores by the number of updates
 * @param stopped where and why it would have been stopped; absent if it would not have been
 */
record StoppedRun(
    Kind kind,
    int seed,
    int stepsPerEpoch,
    SortedMap<Long, Double> accuracies,
    SortedMap<Long, Double> scores,
    Optional<Stopped> stopped) {

  /** Updates at full length. */
  long fullSteps() {
    return accuracies.lastKey();
  }

  /** Updates until the stop, or until the end if there was none. */
  long steps() {
    return stopped.map(Stopped::step).orElse(fullSteps());
  }

  /** The step whose weights are put back on the stop. */
  long restoredStep() {
    return stopped.flatMap(Stopped::best).map(Stopped.Best::step).orElse(fullSteps());
  }

  /** The accuracy of the weights that are put back on the stop. */
  double restoredAccuracy() {
    return accuracies.getOrDefault(restoredStep(), Double.NaN);
  }

  /** The step at which the accuracy was best, at full length. */
  long bestStep() {
    return accuracies.entrySet().stream()
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .orElseThrow()
        .getKey();
  }

  /** The best accuracy at full length; that it is the best of many makes it a little too good. */
  double bestAccuracy() {
    return accuracies.getOrDefault(bestStep(), Double.NaN);
  }

  /** The accuracy at full length, which is what one gets without early stopping. */
  double lastAccuracy() {
    return accuracies.getOrDefault(fullSteps(), Double.NaN);
  }

  /** How much accuracy the stop costs, in points; negative where it would be better. */
  double loss() {
    return 100 * (bestAccuracy() - restoredAccuracy());
  }

  double epochs(long steps) {
    return (double) steps / stepsPerEpoch;
  }
}
