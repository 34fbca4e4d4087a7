package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.stream.LongStream;

/**
 * A matrix that is read a few rows at a time, so that it need not fit into memory.
 *
 * <p>What is computed from it reads it from its start to its end, once or twice.
 */
public interface Rows {

  /** How many numbers are held at a time; the allocator keeps no larger blocks for reuse. */
  long BATCH = 1L << 22;

  /**
   * Some rows.
   *
   * @param from the first row
   * @param to the row after the last
   */
  record Range(long from, long to) {}

  /**
   * The number of rows.
   *
   * @return n
   */
  long count();

  /**
   * The number of columns.
   *
   * @return d
   */
  long dimensions();

  /**
   * Reads rows.
   *
   * @param range which
   * @param manager receives the rows, and decides on the device
   * @return the rows, of a floating-point type
   */
  NDArray read(Range range, NDManager manager);

  /**
   * All rows at once.
   *
   * @return the range from the first to the last
   */
  default Range all() {
    return new Range(0, count());
  }

  /**
   * How many rows are read at a time.
   *
   * @return a number from 1 to n, at which about 16 MiB are held in float32
   */
  default long batchSize() {
    return Math.max(1, Math.min(count(), BATCH / Math.max(1, dimensions())));
  }

  /**
   * All rows, in ranges that follow each other.
   *
   * @param size how many rows a range has, except the last; at least 1
   * @return the ranges
   */
  default Iterable<Range> batches(long size) {
    return () ->
        LongStream.iterate(0, from -> from < count(), from -> from + size)
            .mapToObj(from -> new Range(from, Math.min(from + size, count())))
            .iterator();
  }

  /**
   * The rows of a matrix in memory.
   *
   * @param matrix n x d, on the device of the managers that it will be read with
   * @return its rows; reading does not copy them
   * @throws IllegalArgumentException if it is not a matrix of floating-point numbers with at least
   *     one row and one column
   */
  static Rows of(NDArray matrix) {
    RelativeRepresentation.requireEmbeddings("embeddings", matrix);
    return new Rows() {
      @Override
      public long count() {
        return matrix.getShape().get(0);
      }

      @Override
      public long dimensions() {
        return matrix.getShape().get(1);
      }

      @Override
      public NDArray read(Range range, NDManager manager) {
        NDArray rows =
            range.equals(all())
                ? matrix.reshape(matrix.getShape())
                : matrix.get(new NDIndex().addSliceDim(range.from(), range.to()));
        rows.attach(manager);
        return rows;
      }
    };
  }
}
