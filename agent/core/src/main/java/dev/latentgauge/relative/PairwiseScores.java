package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * How far each of several runs agrees with each other one, and with all others together.
 *
 * <p>A score is that of {@link Gauge#measure}, with either of the two as the reference: it is the
 * same both ways. Where only one of two runs tells the probes apart they agree as chance has it,
 * and score about zero; where neither does, there is no score.
 *
 * <p>The <em>consensus</em> of a run is its score against the mean profile of the others, each row
 * of which is scaled back to length one. Averaging takes out what is peculiar to single trainings,
 * so that the consensus of a good run is above its mean score with the others, and a run that has
 * broken, or has learned something else, stands out with no reference at hand. It says who is
 * unlike the rest and not who is good: where most runs are equally bad, or share a mistake in their
 * data, the only good one has the lowest consensus. Runs that are there twice, or are checkpoints
 * of one training, vote twice.
 *
 * <p>Immutable, and on the host.
 */
public final class PairwiseScores {

  /** The most runs that are compared at once. */
  public static final int MOST_RUNS = 64;

  private final Outcome[][] scores;
  private final double[][] similarities;
  private final Outcome[] consensus;

  PairwiseScores(Outcome[][] scores, double[][] similarities, Outcome[] consensus) {
    this.scores = scores;
    this.similarities = similarities;
    this.consensus = consensus;
  }

  /**
   * Compares runs with each other, on the device of their arrays.
   *
   * <p>Takes a few matrix products of all pairs, R²·n·k, and memory of some 20 bytes for each of
   * the R·n·k cosines.
   *
   * @param relatives the n x k cosines of each of R runs, all to the same anchors and of the same
   *     probes, in one data type and with one manager
   * @param profile how they are compared
   * @return the scores of all pairs
   * @throws IllegalArgumentException if there are not 2 to {@value #MOST_RUNS} of them, if they
   *     differ in n or k, or if n is below 3
   */
  public static PairwiseScores of(List<NDArray> relatives, Profile profile) {
    if (relatives.size() < 2 || relatives.size() > MOST_RUNS) {
      throw new IllegalArgumentException(
          "the runs must be from 2 to " + MOST_RUNS + ", but are " + relatives.size());
    }
    NDArray first = relatives.get(0);
    for (NDArray relative : relatives) {
      RelativeRepresentation.requireMatrix("the relative representation", relative);
      if (!relative.getShape().equals(first.getShape())) {
        throw new IllegalArgumentException(
            "the runs must have the same probes and anchors, but one has the shape "
                + first.getShape()
                + " and another "
                + relative.getShape());
      }
    }
    if (first.getShape().get(0) < Gauge.FEWEST_PROBES || first.getShape().get(1) < 1) {
      throw new IllegalArgumentException(
          "the runs must have at least "
              + Gauge.FEWEST_PROBES
              + " probes and 1 anchor, but have the shape "
              + first.getShape());
    }
    try (PairwiseGauge gauge = new PairwiseGauge(relatives, profile)) {
      return gauge.measure();
    }
  }

  /**
   * How many runs were compared.
   *
   * @return R
   */
  public int runs() {
    return consensus.length;
  }

  /**
   * The score of two runs.
   *
   * @param first the place of one, from 0
   * @param second the place of the other; if it is the same, the score is one
   * @return the score with its error over the choice of probes, or why there is none
   */
  public Outcome score(int first, int second) {
    return scores[first][second];
  }

  /**
   * The mean cosine of the rows of two relative representations, which no chance is taken off,
   * whatever the profile: the similarity of Moschella et al.
   *
   * @param first the place of one, from 0
   * @param second the place of the other
   * @return from -1 to 1; not a number if either has embeddings that are not finite, or too many
   *     that are zero
   */
  public double similarity(int first, int second) {
    return similarities[first][second];
  }

  /**
   * The score of a run against the mean profile of the others.
   *
   * @param run its place, from 0
   * @return the score with its error over the choice of probes, or why there is none
   */
  public Outcome consensus(int run) {
    return consensus[run];
  }
}
