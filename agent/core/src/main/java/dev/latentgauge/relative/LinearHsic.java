package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much runs and one reference vary together: |XᵀX|² and |XᵀY|², in Frobenius norms, for the
 * centred n x dx embeddings X of a run and n x dy Y of the reference. These are, but for a factor,
 * the Hilbert-Schmidt independence criteria with linear kernels, of which linear CKA is made.
 *
 * <p>There are two ways to them. By covariances they take n·dx·(dx + dy) multiplications. By Gram
 * matrices, since |XᵀX|² is |XXᵀ|² and |XᵀY|² the sum of the products of equal entries of XXᵀ and
 * YYᵀ, they take n²·dx for a run: YYᵀ is computed once and kept. One of more than {@value
 * #MOST_KEPT} numbers is not kept, and that way then takes n²·(dx + dy). The way that takes fewer
 * multiplications for a run once YYᵀ is kept is taken, either in batches; the first run by Gram
 * matrices takes n²·dy more. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1007/11564089_7">Gretton et al., Measuring statistical
 *     dependence with Hilbert-Schmidt norms, ALT 2005</a>
 */
final class LinearHsic {

  /** Of n up to 2048: at most 16 MiB in float32, and twice that in float64. */
  static final long MOST_KEPT = 1L << 22;

  private final NDManager manager;
  private final Optional<Rows> reference;
  private @Nullable NDArray gram;

  /**
   * Prepares for runs.
   *
   * @param reference n x dy, kept open; without it, what runs are compared with is themselves
   * @param manager receives what is kept
   */
  LinearHsic(Optional<Rows> reference, NDManager manager) {
    this.manager = manager;
    this.reference = reference.map(rows -> CentredRows.of(rows, manager));
  }

  /**
   * Compares the reference with itself.
   *
   * @return |Y|², |YᵀY|² and |YᵀY|², in float64
   */
  NDArray ofReference(NDManager scratch) {
    Rows rows = reference.orElseThrow();
    return norms(rows, rows, scratch);
  }

  /**
   * Compares a run with the reference, both less their means and scaled.
   *
   * @param run n x dx
   * @return |X|², |XᵀX|² and |XᵀY|², in float64
   */
  NDArray of(Rows run, NDManager scratch) {
    Rows rows = CentredRows.of(run, scratch);
    return norms(rows, reference.orElse(rows), scratch);
  }

  private NDArray norms(Rows run, Rows other, NDManager scratch) {
    return isGramCheaper(run, other)
        ? byGram(run, other, scratch)
        : byCovariance(run, other, scratch);
  }

  /** Of both numbers of multiplications, n·dx is a factor, and without a kept one dx + dy too. */
  private boolean isGramCheaper(Rows run, Rows other) {
    long saved = run != other && isKept(other) ? other.dimensions() : 0;
    return run.count() < run.dimensions() + saved;
  }

  private boolean isKept(Rows rows) {
    return reference.isPresent()
        && rows == reference.get()
        && rows.count() <= MOST_KEPT / rows.count();
  }

  /** From n x n products, a block of batches at a time. */
  private NDArray byGram(Rows run, Rows other, NDManager scratch) {
    NDArray trace = null;
    NDArray own = null;
    NDArray cross = null;
    long batch = Math.min(run.batchSize(), other.batchSize());
    for (Rows.Range rows : run.batches(batch)) {
      for (Rows.Range columns : run.batches(batch)) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray block = gram(run, rows, columns, pass);
          if (rows.equals(columns)) {
            trace = added(trace, total(run.read(rows, pass).square()), scratch);
          }
          own = added(own, total(block.square()), scratch);
          if (run != other) {
            NDArray same = gram(other, rows, columns, pass).toType(block.getDataType(), false);
            cross = added(cross, total(block.mul(same)), scratch);
          }
        }
      }
    }
    return norms(trace, own, cross);
  }

  /** Some rows and columns of a Gram matrix. */
  private NDArray gram(Rows rows, Rows.Range some, Rows.Range columns, NDManager pass) {
    if (!isKept(rows)) {
      return product(rows, some, columns, pass);
    }
    NDArray whole = Scratch.view(pass, kept(rows));
    return some.equals(rows.all()) && columns.equals(rows.all())
        ? whole
        : whole.get(
            new NDIndex()
                .addSliceDim(some.from(), some.to())
                .addSliceDim(columns.from(), columns.to()));
  }

  private NDArray kept(Rows rows) {
    NDArray known = gram;
    if (known == null) {
      try (NDManager scratch = manager.newSubManager()) {
        known = product(rows, scratch);
        known.attach(manager);
      }
      gram = known;
    }
    return known;
  }

  private static NDArray product(Rows rows, NDManager scratch) {
    NDList strips = new NDList();
    for (Rows.Range some : rows.batches(rows.batchSize())) {
      NDList blocks = new NDList();
      for (Rows.Range columns : rows.batches(rows.batchSize())) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray block = product(rows, some, columns, pass);
          block.attach(scratch);
          blocks.add(block);
        }
      }
      strips.add(NDArrays.concat(blocks, 1));
    }
    return NDArrays.concat(strips);
  }

  private static NDArray product(Rows rows, Rows.Range some, Rows.Range columns, NDManager pass) {
    NDArray left = rows.read(some, pass);
    NDArray right = some.equals(columns) ? left : rows.read(columns, pass);
    return left.matMul(right.transpose());
  }

  /** From d x d products, added up over batches. */
  private static NDArray byCovariance(Rows run, Rows other, NDManager scratch) {
    NDArray trace = null;
    NDArray own = null;
    NDArray cross = null;
    for (Rows.Range range : run.batches(Math.min(run.batchSize(), other.batchSize()))) {
      try (NDManager pass = scratch.newSubManager()) {
        NDArray x = run.read(range, pass);
        NDArray transposed = x.transpose();
        trace = added(trace, total(x.square()), scratch);
        own = added(own, transposed.matMul(x), scratch);
        if (run != other) {
          NDArray y = other.read(range, pass).toType(x.getDataType(), false);
          cross = added(cross, transposed.matMul(y), scratch);
        }
      }
    }
    return norms(
        trace,
        own == null ? null : total(own.square()),
        cross == null ? null : total(cross.square()));
  }

  private static NDArray norms(
      @Nullable NDArray trace, @Nullable NDArray own, @Nullable NDArray cross) {
    if (trace == null || own == null) {
      throw new IllegalArgumentException("embeddings must have at least one row, but have none");
    }
    return NDArrays.concat(
        new NDList(asDouble(trace), asDouble(own), asDouble(cross == null ? own : cross)));
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
}
