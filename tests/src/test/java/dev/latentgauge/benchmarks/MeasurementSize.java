package dev.latentgauge.benchmarks;

/**
 * How much is measured.
 *
 * @param probes n
 * @param anchors k
 * @param dimensions d of the embeddings
 */
record MeasurementSize(int probes, int anchors, int dimensions) {

  @Override
  public String toString() {
    return probes + "x" + anchors + "x" + dimensions;
  }
}
