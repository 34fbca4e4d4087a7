package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * Rows less their mean, divided by the largest magnitude among all entries, in float32 or float64.
 *
 * <p>Centring comes first because everything that is made of the rows afterwards is a sum of
 * products: where the mean is large beside the spread, subtracting it from such a sum would leave
 * nothing but rounding. The scale keeps squares of squares within float32.
 */
final class CentredRows implements Rows {

  private static final int[] ALONG_COLUMN = {0};

  private final Rows rows;
  private final NDArray mean;
  private final NDArray scale;

  private CentredRows(Rows rows, NDArray mean, NDArray scale) {
    this.rows = rows;
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * Reads the rows once to find their mean; if they fit into one batch they are kept, centred.
   *
   * @param manager receives what is kept
   */
  static Rows of(Rows rows, NDManager manager) {
    NDArray sum = null;
    NDArray peak = null;
    for (Range range : rows.batches(rows.batchSize())) {
      try (NDManager scratch = manager.newSubManager()) {
        NDArray batch = RelativeRepresentation.atLeastFloat32(rows.read(range, scratch));
        NDArray sumOfBatch = batch.toType(DataType.FLOAT64, false).sum(ALONG_COLUMN);
        NDArray peakOfBatch = batch.abs().max().reshape(1);
        sum = sum == null ? kept(sumOfBatch, manager) : sum.addi(sumOfBatch);
        peak = kept(peak == null ? peakOfBatch : peak.maximum(peakOfBatch), manager);
      }
    }
    if (sum == null || peak == null) {
      throw new IllegalArgumentException("embeddings must have at least one row, but have none");
    }
    NDArray scale = peak.add(peak.eq(0).toType(peak.getDataType(), false));
    NDArray mean = sum.div((double) rows.count()).toType(peak.getDataType(), false).div(scale);
    CentredRows centred = new CentredRows(rows, mean, scale);
    return rows.batchSize() < rows.count()
        ? centred
        : Rows.of(centred.read(centred.all(), manager));
  }

  private static NDArray kept(NDArray array, NDManager manager) {
    array.attach(manager);
    return array;
  }

  @Override
  public long count() {
    return rows.count();
  }

  @Override
  public long dimensions() {
    return rows.dimensions();
  }

  @Override
  public long batchSize() {
    return rows.batchSize();
  }

  @Override
  public NDArray read(Range range, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray read = RelativeRepresentation.atLeastFloat32(rows.read(range, scratch));
      return kept(read.div(scale).sub(mean), manager);
    }
  }
}
