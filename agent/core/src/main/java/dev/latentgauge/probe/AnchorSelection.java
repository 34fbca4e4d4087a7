package dev.latentgauge.probe;

import ai.djl.Model;

/**
 * How anchors are chosen among the inputs of a draw, see {@link ProbeSet#sample}.
 *
 * <p>Uniform anchors follow the density of the data: where it has a few large clusters, many
 * anchors say nearly the same. The other ways spread them over the embedding space of a model that
 * is at hand already, such as the reference's. They choose among {@value ProbeDraw#CANDIDATES}
 * candidates an anchor, which are uniform, and measure distances between directions (embeddings
 * scaled to length one), as the relative representation does. A candidate whose embedding is zero
 * or not finite has no direction and never becomes an anchor; of candidates with equal directions
 * others than the first are chosen last. Labels are never read.
 *
 * <p>The choice depends on the seed and the embeddings only. Embeddings may differ in their last
 * digits between devices, numbers of threads and versions of the engine, which can decide between
 * candidates that are equally good; where a choice must be repeated exactly, keep the probe set and
 * not the seed.
 */
public sealed interface AnchorSelection {

  /** Every input is as likely as any other. */
  record Uniform() implements AnchorSelection {}

  /**
   * Each anchor is the candidate farthest from the anchors before it (Gonzalez 1985); the first is
   * arbitrary.
   *
   * <p>Covers the space, its outliers first. Takes O(c·k·d) time beyond the embedding of the c
   * candidates.
   *
   * @param model embeds the candidates, in evaluation mode; unchanged
   * @param layer the layer whose output is the embedding
   */
  record FarthestPoint(Model model, Layer layer) implements AnchorSelection {}

  /**
   * Each anchor is the candidate nearest to the centre of its cluster, of as many clusters as
   * anchors.
   *
   * <p>Follows the density less than a uniform choice, and outliers less than the farthest point.
   * Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii 2007); it ends early where
   * nothing changes any more. If there are fewer clusters than anchors, since candidates have equal
   * directions, the rest are the farthest points. Takes O(c·k·d) time an iteration beyond the
   * embedding of the c candidates: with 128 anchors and 512 dimensions less than 0.1 s.
   *
   * @param model embeds the candidates, in evaluation mode; unchanged
   * @param layer the layer whose output is the embedding
   * @param iterations the most iterations, at least 1; 20 is a good choice
   */
  record KMeans(Model model, Layer layer, int iterations) implements AnchorSelection {

    /**
     * Checks the number of iterations.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public KMeans {
      if (iterations < 1) {
        throw new IllegalArgumentException(
            "k-means must have at least 1 iteration, but is given " + iterations);
      }
    }
  }
}
