package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The error of a score over the choice of anchors, from scores by halves of them.
 *
 * <p>Were the score the mean of a term for each anchor, the scores by two halves would be
 * independent, with the score by all anchors as their mean and, as its variance, a quarter of that
 * of their difference. It is nearly so. A resampling with replacement would not do: an anchor taken
 * twice changes what a softmax over the anchors means.
 *
 * @see <a href="https://www.jstor.org/stable/1402116">McCarthy 1969, Pseudo-replication: half
 *     samples, Review of the International Statistical Institute 37(3)</a>
 */
final class HalfSamples {

  static final int HALVINGS = 64;

  /** More probes, evenly spaced, would say no more of the anchors. */
  private static final int MOST_PROBES = 1024;

  /** With fewer a half would be a single anchor, whose cosine alone is no profile. */
  static final int FEWEST_ANCHORS = 4;

  private final NDArray reference;
  private final NDArray run;
  private final Profile profile;

  /** Of two relative representations with the same shape, compared under a profile. */
  HalfSamples(NDArray reference, NDArray run, Profile profile) {
    this.reference = EvenlySpaced.rows(reference, MOST_PROBES);
    this.run = EvenlySpaced.rows(run, MOST_PROBES);
    this.profile = profile instanceof Profile.Neighbours neighbours ? half(neighbours) : profile;
  }

  private static Profile half(Profile.Neighbours neighbours) {
    return new Profile.Neighbours(Math.max(1, neighbours.count() / 2));
  }

  /** The standard error; absent with too few anchors or where halves have no score. */
  OptionalDouble standardError() {
    int anchors = Math.toIntExact(run.getShape().get(1));
    if (anchors < FEWEST_ANCHORS) {
      return OptionalDouble.empty();
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, anchors).boxed().toList());
    Random random = new Random(anchors);
    double squares = 0;
    for (int i = 0; i < HALVINGS; i++) {
      Collections.shuffle(order, random);
      double first = score(order.subList(0, anchors / 2));
      double second = score(order.subList(anchors / 2, anchors));
      squares += (first - second) * (first - second);
    }
    return Double.isFinite(squares)
        ? OptionalDouble.of(Math.sqrt(squares / HALVINGS) / 2)
        : OptionalDouble.empty();
  }

  /** The score by some of the anchors, not a number where it is undefined. */
  private double score(List<Integer> anchors) {
    try (NDManager scratch = run.getManager().newSubManager()) {
      NDArray columns = scratch.create(anchors.stream().mapToLong(i -> i).toArray());
      NDIndex chosen = new NDIndex(":, {}", columns);
      try (Gauge gauge = Gauge.unchecked(reference.get(scratch, chosen), profile)) {
        Outcome outcome = gauge.measure(run.get(scratch, chosen)).outcome();
        return outcome instanceof Score score ? score.value() : Double.NaN;
      }
    }
  }
}
