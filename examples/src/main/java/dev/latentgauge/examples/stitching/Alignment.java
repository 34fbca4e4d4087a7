package dev.latentgauge.examples.stitching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.projection.Translation;
import java.util.List;

/** How embeddings of one encoder are taken to the space of another, from parallel anchors. */
public enum Alignment {
  /** By a rotation or reflection, a scale and a shift. */
  ORTHOGONAL("translated orthogonally"),
  /**
   * By the affine map of least squares, with that ridge of .01, .1, 1 and 10 which, found from the
   * first four fifths of the anchors, best translates the others.
   */
  LEAST_SQUARES("translated by least squares");

  private static final List<Double> RIDGES = List.of(0.01, 0.1, 1.0, 10.0);

  private final String title;

  Alignment(String title) {
    this.title = title;
  }

  /**
   * What a head sees by it, as it is called in tables.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * Finds the map.
   *
   * @param from k x d embeddings of the anchors, in random order, by the encoder that is translated
   *     from; k at least 10
   * @param to k x d' embeddings of the same anchors by the other
   * @return the map, whose arrays are attached to the manager of {@code to}
   */
  public Translation fit(NDArray from, NDArray to) {
    return switch (this) {
      case ORTHOGONAL -> Translation.orthogonal(from, to);
      case LEAST_SQUARES -> Translation.leastSquares(from, to, bestRidge(from, to));
    };
  }

  private static double bestRidge(NDArray from, NDArray to) {
    long seen = from.getShape().get(0) * 4 / 5;
    double best = RIDGES.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (double ridge : RIDGES) {
      double error = errorOnOthers(from, to, seen, ridge);
      if (error < least) {
        best = ridge;
        least = error;
      }
    }
    return best;
  }

  private static double errorOnOthers(NDArray from, NDArray to, long seen, double ridge) {
    try (NDManager scratch = to.getManager().newSubManager()) {
      NDIndex fitted = new NDIndex("0:{}", seen);
      NDIndex others = new NDIndex("{}:", seen);
      Translation translation =
          Translation.leastSquares(from.get(scratch, fitted), to.get(scratch, fitted), ridge);
      NDArray translated = translation.of(from.get(scratch, others));
      return translated.sub(to.get(scratch, others)).square().mean().getFloat();
    }
  }
}
