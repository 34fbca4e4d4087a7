package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A draw of anchors and probes from inputs in random order.
 *
 * <p>The probes are those at k to k+n-1 of the order, whatever the selection, so that selections
 * can be compared on the same probes. Uniform anchors are those before; others are selected from
 * those before and after.
 *
 * @param anchors k
 * @param probes n
 * @param seed decides on the order
 * @param selection how anchors are chosen
 */
record ProbeDraw(int anchors, int probes, long seed, AnchorSelection selection) {

  /** How many candidates there are for each anchor that is selected by its embedding. */
  static final int CANDIDATES = 8;

  /** Embeds candidates. */
  @FunctionalInterface
  interface Embedding {

    /**
     * Embeds inputs in the order of the draw.
     *
     * @param positions which of them
     * @param pass runs the model, for one layer
     * @return one row an input
     */
    NDArray of(int[] positions, ForwardPass pass);
  }

  ProbeDraw {
    ProbeInputs.requireCounts(anchors, probes);
  }

  /** How many inputs must be drawn at least. */
  int least() {
    return Math.addExact(anchors, probes);
  }

  /** How many inputs are of use. */
  int most() {
    return selection instanceof AnchorSelection.Uniform
        ? least()
        : Math.addExact(Math.multiplyExact(CANDIDATES, anchors), probes);
  }

  /** All numbers below {@code size}, in random order. */
  LongStream order(long size) {
    SplittableRandom random = new SplittableRandom(seed);
    return LongStream.generate(() -> random.nextLong(size)).distinct().limit(size);
  }

  /** Which of the drawn inputs are the probes. */
  int[] probePositions() {
    return IntStream.range(anchors, anchors + probes).toArray();
  }

  /**
   * Which of the drawn inputs are the anchors.
   *
   * @param drawn how many there are, at least {@link #least}
   * @throws IllegalArgumentException if too few of them have a direction
   */
  int[] anchorPositions(int drawn, Embedding embedding) {
    if (selection instanceof AnchorSelection.FarthestPoint farthest) {
      int[] candidates = candidates(drawn);
      Directions directions = directions(candidates, embedding, farthest.model(), farthest.layer());
      return chosen(candidates, directions, directions.farthest(anchors));
    }
    if (selection instanceof AnchorSelection.KMeans means) {
      int[] candidates = candidates(drawn);
      Directions directions = directions(candidates, embedding, means.model(), means.layer());
      Clusters clusters = Clusters.of(directions, anchors, means.iterations(), seed);
      return chosen(candidates, directions, directions.farthest(anchors, clusters.centres()));
    }
    return IntStream.range(0, anchors).toArray();
  }

  private int[] candidates(int drawn) {
    return IntStream.concat(IntStream.range(0, anchors), IntStream.range(least(), drawn)).toArray();
  }

  private Directions directions(int[] candidates, Embedding embedding, Model model, Layer layer) {
    try (NDManager scratch = model.getNDManager().newSubManager()) {
      NDArray embeddings =
          embedding.of(candidates, new ForwardPass(List.of(layer), model.getBlock(), scratch));
      Directions directions = Directions.of(embeddings.toDevice(Device.cpu(), false));
      if (directions.count() < anchors) {
        throw new IllegalArgumentException(
            "the layer "
                + layer
                + " must give at least "
                + anchors
                + " of the "
                + candidates.length
                + " candidates an embedding that is finite and not zero, but gives it to "
                + directions.count());
      }
      return directions;
    }
  }

  private static int[] chosen(int[] candidates, Directions directions, int[] chosen) {
    return Arrays.stream(chosen).map(i -> candidates[directions.row(i)]).toArray();
  }
}
