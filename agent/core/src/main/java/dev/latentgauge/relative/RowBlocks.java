package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The rows of an n x k matrix, some at a time, on the way from cosines to centred profiles.
 *
 * <p>A measurement passes over its matrix a dozen times. Of a large one each pass would wait for
 * main memory; a block of it is still in the cache of the processor when the next operation reads
 * it. So several operations are done to a block before the next one's turn. Where no gradient flows
 * the matrix is overwritten, and beyond it only some arrays as large as a block are ever in use: a
 * large array is taken anew from the operating system each time, page by page, which costs more
 * than what is computed with it.
 *
 * <p>Where the engine differentiates there is one block, and nothing is overwritten. A GPU has one
 * block too, unless the matrix is very large: it has no such cache, and waits longer for each
 * operation to begin.
 */
final class RowBlocks {

  /** A MiB in float32: about what one core has for itself, and a small part of a shared cache. */
  static final long NUMBERS = 1 << 18;

  private static final long NUMBERS_ON_GPU = 1 << 24;

  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};
  private static final NDIndex FIRST_COLUMN = new NDIndex().addAllDim().addIndices(0);
  private static final NDIndex FIRST_ROW = new NDIndex().addIndices(0);

  private final NDManager manager;
  private final boolean isOverwritten;
  private final long rows;
  private final long columns;
  private final long rowsPerBlock;
  private final List<NDArray> blocks = new ArrayList<>();
  private NDArray matrix;
  private final NDList counted = new NDList();
  private Optional<NDArray> zeroRows = Optional.empty();
  private boolean isAskedForZeroRows;

  private RowBlocks(NDArray matrix, boolean isOverwritten) {
    this.matrix = matrix;
    this.manager = matrix.getManager();
    this.isOverwritten = isOverwritten;
    this.rows = matrix.getShape().get(0);
    this.columns = matrix.getShape().get(1);
    long numbers = matrix.getDevice().isGpu() ? NUMBERS_ON_GPU : NUMBERS;
    this.rowsPerBlock = isOverwritten ? Math.max(1, numbers / columns) : rows;
    long from = 0;
    do {
      blocks.add(part(matrix, from));
      from += rowsPerBlock;
    } while (from < rows);
  }

  /** Of an n x k matrix that is used up, and from which no gradient flows. */
  static RowBlocks overwriting(NDArray matrix) {
    return new RowBlocks(matrix, true);
  }

  /** Of an n x k matrix from which a gradient may flow. */
  static RowBlocks differentiable(NDArray matrix) {
    return new RowBlocks(matrix, false);
  }

  /** The rows of another matrix with n rows that belong to the block that begins at a row. */
  private NDArray part(NDArray other, long from) {
    if (rowsPerBlock >= rows) {
      return other;
    }
    return other.get(new NDIndex().addSliceDim(from, Math.min(rows, from + rowsPerBlock)));
  }

  /** n. */
  long rows() {
    return rows;
  }

  /** k. */
  long columns() {
    return columns;
  }

  /** All rows as they are now; what is done to them later may be done to this array, or not. */
  NDArray matrix() {
    return matrix;
  }

  NDManager manager() {
    return manager;
  }

  /** Does something to each block in turn, and frees what was made for it. */
  void forEach(Consumer<Block> step) {
    for (int i = 0; i < blocks.size(); i++) {
      try (NDManager pass = manager.newSubManager()) {
        step.accept(new Block(i, pass));
      }
    }
  }

  /** The sum of what is computed from each block. */
  NDArray total(Function<Block, NDArray> summand) {
    NDList sum = new NDList();
    forEach(
        block -> {
          NDArray part = summand.apply(block);
          if (sum.isEmpty()) {
            part.attach(manager);
            sum.add(part);
          } else {
            sum.head().addi(part);
          }
        });
    return sum.head();
  }

  /** The first axis of what is computed from each block, one after the other. */
  NDArray joined(Function<Block, NDArray> part) {
    NDList parts = new NDList();
    forEach(
        block -> {
          NDArray some = part.apply(block);
          some.attach(manager);
          parts.add(some);
        });
    return parts.size() == 1 ? parts.head() : NDArrays.concat(parts);
  }

  /** n, for computations through which a gradient flows. */
  NDArray count() {
    if (counted.isEmpty()) {
      counted.add(Scratch.number(manager, (double) rows));
    }
    return counted.head();
  }

  /** The sum of each column as they are now, 1 x k. */
  NDArray columnSums() {
    return total(block -> block.rows().sum(ALONG_COLUMN, true));
  }

  /**
   * Tells the rows that are zero when this is first asked.
   *
   * <p>On a CPU it is enough to look at one column, unless it has a zero itself.
   *
   * @return n x 1, one where a row is zero and zero elsewhere; absent where there is known to be
   *     none, which on a GPU would have to be waited for
   */
  Optional<NDArray> zeroRows() {
    if (!isAskedForZeroRows) {
      isAskedForZeroRows = true;
      zeroRows =
          Scratch.isKnown(matrix.get(FIRST_COLUMN), cosine -> cosine != 0)
              ? Optional.empty()
              : marked(joined(block -> magnitudes(block).sum(ALONG_ROW, true)));
    }
    return zeroRows;
  }

  /**
   * Tells the columns that are zero now.
   *
   * @return k, one where a column is zero and zero elsewhere; absent where there is known to be
   *     none, which on a GPU would have to be waited for
   */
  Optional<NDArray> zeroColumns() {
    return Scratch.isKnown(matrix.get(FIRST_ROW), cosine -> cosine != 0)
        ? Optional.empty()
        : marked(total(block -> magnitudes(block).sum(ALONG_COLUMN)));
  }

  private static NDArray magnitudes(Block block) {
    return block.rows().stopGradient().abs();
  }

  private static Optional<NDArray> marked(NDArray magnitudes) {
    return Scratch.isKnown(magnitudes, magnitude -> magnitude != 0)
        ? Optional.empty()
        : Optional.of(magnitudes.eq(0).toType(magnitudes.getDataType(), false));
  }

  /** A block, while it is its turn. */
  final class Block {
    private final int index;
    private final NDManager pass;
    private NDArray rows;

    private Block(int index, NDManager pass) {
      this.index = index;
      this.pass = pass;
      this.rows = Scratch.view(pass, blocks.get(index));
    }

    /** The b x k rows as they are now; what is computed from them is freed after this turn. */
    NDArray rows() {
      return rows;
    }

    /** The rows of another matrix with n rows that belong to this block. */
    NDArray of(NDArray other) {
      return part(Scratch.view(pass, other), index * rowsPerBlock);
    }

    void subtract(NDArray other) {
      become(isOverwritten ? rows.subi(other) : rows.sub(other));
    }

    void add(NDArray other) {
      become(isOverwritten ? rows.addi(other) : rows.add(other));
    }

    void multiply(NDArray other) {
      become(isOverwritten ? rows.muli(other) : rows.mul(other));
    }

    void divide(NDArray other) {
      become(isOverwritten ? rows.divi(other) : rows.div(other));
    }

    /** Puts other rows in the place of these. */
    void replace(NDArray others) {
      if (blocks.size() == 1 || others == rows) {
        become(others);
      } else {
        rows.set(new NDIndex().addAllDim(), others);
      }
    }

    private void become(NDArray others) {
      if (others != rows) {
        matrix.close();
        others.attach(manager);
        matrix = others;
        blocks.set(index, others);
        rows = Scratch.view(pass, others);
      }
    }
  }
}
