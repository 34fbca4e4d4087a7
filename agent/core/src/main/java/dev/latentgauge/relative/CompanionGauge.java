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
import org.jspecify.annotations.Nullable;

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
 * <p>Takes the time of products of n x d with d x d matrices, or n x n with n x d where d exceeds n
 * (Gram matrices have the same norms), and reads rows in batches: of n x d embeddings that do not
 * fit into memory only d x d numbers are kept, or none. Not thread-safe.
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
  private final Optional<Rows> embeddings;
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
    this.embeddings = embeddings.map(rows -> CentredRows.of(rows, manager));
    this.selfProduct = this.embeddings.map(this::selfProduct).orElse(Double.NaN);
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
    try {
      return new CompanionGauge(manager, Scratch.view(manager, relative), embeddings, predictions);
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
                          .map(rows -> products(CentredRows.of(rows, scratch), scratch).record())
                          .orElseGet(() -> scratch.zeros(new Shape(3), DataType.FLOAT64))))
              .toDoubleArray();
      double trace = numbers[2];
      boolean isSpread = embeddings.isPresent() && isSpread(embeddings.get(), trace);
      return new Companions(
          defined(isSpread, numbers[4] / Math.sqrt(numbers[3] * selfProduct)),
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
  private double selfProduct(Rows centred) {
    try (NDManager scratch = manager.newSubManager()) {
      double[] numbers = products(centred, centred, scratch).record().toDoubleArray();
      return isSpread(centred, numbers[0]) ? numbers[1] : Double.NaN;
    }
  }

  private Products products(Rows run, NDManager scratch) {
    return products(run, embeddings.orElse(run), scratch);
  }

  private static Products products(Rows run, Rows reference, NDManager scratch) {
    return run.dimensions() > run.count()
        ? gramProducts(run, reference, scratch)
        : covarianceProducts(run, reference, scratch);
  }

  /** From n x n products, a block of batches at a time. */
  private static Products gramProducts(Rows run, Rows reference, NDManager scratch) {
    NDArray trace = null;
    NDArray own = null;
    NDArray cross = null;
    long batch = Math.min(run.batchSize(), reference.batchSize());
    for (Rows.Range rows : run.batches(batch)) {
      for (Rows.Range columns : run.batches(batch)) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray x = run.read(rows, pass);
          NDArray block = gram(x, run, columns, pass);
          if (rows.equals(columns)) {
            trace = added(trace, total(x.square()), scratch);
          }
          own = added(own, total(block.square()), scratch);
          if (run != reference) {
            NDArray y = reference.read(rows, pass).toType(x.getDataType(), false);
            NDArray other = gram(y, reference, columns, pass);
            cross = added(cross, total(block.mul(other)), scratch);
          }
        }
      }
    }
    return products(trace, own, cross);
  }

  private static NDArray gram(NDArray left, Rows rows, Rows.Range range, NDManager pass) {
    NDArray right = rows.read(range, pass).toType(left.getDataType(), false);
    return left.matMul(right.transpose());
  }

  private static Products products(
      @Nullable NDArray trace, @Nullable NDArray own, @Nullable NDArray cross) {
    if (trace == null || own == null) {
      throw new IllegalArgumentException("embeddings must have at least one row, but have none");
    }
    return new Products(trace, own, cross == null ? own : cross);
  }

  /** From d x d products, added up over batches. */
  private static Products covarianceProducts(Rows run, Rows reference, NDManager scratch) {
    NDArray trace = null;
    NDArray own = null;
    NDArray cross = null;
    for (Rows.Range range : run.batches(Math.min(run.batchSize(), reference.batchSize()))) {
      try (NDManager pass = scratch.newSubManager()) {
        NDArray x = run.read(range, pass);
        NDArray transposed = x.transpose();
        trace = added(trace, total(x.square()), scratch);
        own = added(own, transposed.matMul(x), scratch);
        if (run != reference) {
          NDArray y = reference.read(range, pass).toType(x.getDataType(), false);
          cross = added(cross, transposed.matMul(y), scratch);
        }
      }
    }
    return products(
        trace,
        own == null ? null : total(own.square()),
        cross == null ? null : total(cross.square()));
  }

  private static NDArray added(@Nullable NDArray sum, NDArray summand, NDManager manager) {
    NDArray next = sum == null ? summand : sum.addi(summand);
    next.attach(manager);
    return next;
  }

  private static NDArray total(NDArray array) {
    return array.sum().reshape(1);
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

  /** |X|², |XᵀX|² and |XᵀY|², one element each. */
  private record Products(NDArray trace, NDArray own, NDArray cross) {
    NDArray record() {
      return NDArrays.concat(new NDList(asDouble(trace), asDouble(own), asDouble(cross)));
    }
  }
}
