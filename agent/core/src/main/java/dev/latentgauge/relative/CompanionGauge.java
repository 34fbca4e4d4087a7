package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Measures what accompanies a score: other views of the same embeddings, against one reference.
 *
 * <p>With X and Y the embeddings of the probes by run and reference, less their means,
 *
 * <ul>
 *   <li>linear CKA is |XᵀY|² / (|XᵀX| |YᵀY|), in Frobenius norms (Kornblith et al. 2019). It is not
 *       corrected for chance: of few probes and many dimensions, unrelated embeddings reach more
 *       than 0.
 *   <li>the effective rank is the participation ratio tr(C)² / tr(C²) of the covariance C, which is
 *       |X|⁴ / |XᵀX|² and needs no singular values.
 *   <li>the neighbour overlap is the share that the m nearest anchors of a probe have in common in
 *       run and reference, the mean over probes, with m the sixteenth part of the anchors; chance
 *       is m/k. A zero embedding has no neighbours.
 *   <li>the prediction agreement is the share of probes for which both predict the same class.
 * </ul>
 *
 * <p>Takes the time of products of n x d with d x d matrices, or of one n x n with n x d where n is
 * smaller than the dimensions of run and reference together, see {@link LinearHsic}, and reads rows
 * in batches: of n x d embeddings that do not fit into memory only d x d or n x n numbers are kept,
 * or none. Not thread-safe.
 *
 * @see <a href="https://arxiv.org/abs/1905.00414">Kornblith et al., Similarity of neural network
 *     representations revisited, ICML 2019</a>
 */
public final class CompanionGauge implements AutoCloseable {

  /** How many of the anchors are neighbours of a probe: one in so many, at least one. */
  public static final int ANCHORS_PER_NEIGHBOUR = 16;

  /** The least root mean square of centred entries, beside the largest entry, in float32. */
  private static final double SMALLEST_SPREAD = 1e-6;

  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  private final NDManager manager;
  private final NDArray nearest;
  private final int neighbours;
  private final LinearHsic hsic;
  private final double selfProduct;
  private final Optional<long[]> predictions;

  private CompanionGauge(
      NDManager manager,
      NDArray relative,
      Optional<Rows> embeddings,
      Optional<long[]> predictions) {
    this.manager = manager;
    this.neighbours = neighbours(relative);
    this.nearest = Scratch.compute(relative, r -> NearestAnchors.marks(r, neighbours));
    this.hsic = new LinearHsic(embeddings, manager);
    this.selfProduct = embeddings.map(this::selfProduct).orElse(Double.NaN);
    this.predictions = predictions.map(long[]::clone);
  }

  /**
   * Prepares to measure against a reference.
   *
   * @param relative the n x k cosines of the reference; its device is the one to measure on
   * @param embeddings its n x d embeddings of the probes, which are kept open: without them there
   *     is no CKA
   * @param predictions its n predicted classes: without them there is no agreement
   * @return the gauge, to be closed; it is closed with the manager of {@code relative} too
   * @throws IllegalArgumentException if the three differ in n
   */
  public static CompanionGauge of(
      NDArray relative, Optional<Rows> embeddings, Optional<long[]> predictions) {
    RelativeRepresentation.requireMatrix("the relative representation of the reference", relative);
    requireCounts("the reference", relative, embeddings, predictions);
    NDManager manager = relative.getManager().newSubManager();
    try (NDArray view = Scratch.view(manager, relative)) {
      return new CompanionGauge(manager, view, embeddings, predictions);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static int neighbours(NDArray relative) {
    long anchors = relative.getShape().get(1);
    return Math.max(1, Math.round((float) anchors / ANCHORS_PER_NEIGHBOUR));
  }

  /**
   * Measures a run.
   *
   * @param relative its n x k cosines
   * @param embeddings its n x d embeddings of the probes, if they are known; d may differ from the
   *     reference's
   * @param predictions its n predicted classes, if they are known
   * @return the companions, absent where they are not defined: with a single anchor, for embeddings
   *     that are not finite or all the same, and for what the reference does not have
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public Companions measure(
      NDArray relative, Optional<Rows> embeddings, Optional<long[]> predictions) {
    if (!relative.getShape().equals(nearest.getShape())) {
      throw new IllegalArgumentException(
          "the reference has "
              + nearest.getShape()
              + " cosines of probes to anchors, but the run has "
              + relative.getShape());
    }
    requireCounts("the run", relative, embeddings, predictions);
    try (NDManager scratch = relative.getManager().newSubManager()) {
      NDArray view = Scratch.view(scratch, relative).stopGradient();
      double[] numbers =
          NDArrays.concat(
                  new NDList(
                      asDouble(overlap(view)),
                      asDouble(view.abs().max().reshape(1)),
                      embeddings
                          .map(rows -> hsic.of(rows, scratch))
                          .orElseGet(() -> scratch.zeros(new Shape(3), DataType.FLOAT64))))
              .toDoubleArray();
      double trace = numbers[2];
      boolean isSpread = embeddings.isPresent() && isSpread(embeddings.get(), trace);
      return new Companions(
          // Of equal embeddings it may exceed 1 by rounding.
          defined(isSpread, Math.min(1, numbers[4] / Math.sqrt(numbers[3] * selfProduct))),
          defined(isSpread, trace * trace / numbers[3]),
          defined(Double.isFinite(numbers[1]) && view.getShape().get(1) > 1, numbers[0]),
          agreement(predictions));
    }
  }

  private NDArray overlap(NDArray relative) {
    NDArray shared =
        Scratch.compute(
            relative, r -> NearestAnchors.marks(r, neighbours).mul(nearest).sum(ALONG_ROW));
    return shared.mean(ALONG_COLUMN, true).div((double) neighbours);
  }

  private static OptionalDouble defined(boolean condition, double value) {
    return condition && Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static boolean isSpread(Rows rows, double trace) {
    double perEntry = trace / rows.count() / rows.dimensions();
    return perEntry > SMALLEST_SPREAD * SMALLEST_SPREAD;
  }

  private OptionalDouble agreement(Optional<long[]> ofRun) {
    if (predictions.isEmpty() || ofRun.isEmpty()) {
      return OptionalDouble.empty();
    }
    long[] expected = predictions.get();
    long[] actual = ofRun.get();
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> expected[i] == actual[i] ? 1 : 0)
        .average();
  }

  /** |YᵀY|² of the reference, not a number where its embeddings tell nothing apart. */
  private double selfProduct(Rows rows) {
    try (NDManager scratch = manager.newSubManager()) {
      double[] numbers = hsic.ofReference(scratch).toDoubleArray();
      return isSpread(rows, numbers[0]) ? numbers[1] : Double.NaN;
    }
  }

  private static NDArray asDouble(NDArray array) {
    return array.toType(DataType.FLOAT64, false);
  }

  private static void requireCounts(
      String whose, NDArray relative, Optional<Rows> embeddings, Optional<long[]> predictions) {
    long probes = relative.getShape().get(0);
    embeddings.ifPresent(rows -> requireCount(whose + "'s embeddings", probes, rows.count()));
    predictions.ifPresent(all -> requireCount(whose + "'s predictions", probes, all.length));
  }

  private static void requireCount(String what, long probes, long count) {
    if (count != probes) {
      throw new IllegalArgumentException(
          what + " must be of the " + probes + " probes, but are of " + count);
    }
  }

  /** Releases the arrays of the reference. */
  @Override
  public void close() {
    manager.close();
  }
}
