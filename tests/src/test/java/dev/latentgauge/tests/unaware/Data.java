package dev.latentgauge.tests.unaware;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;

/** Points, and which of their first three coordinates is the largest. */
record Data(ArrayDataset train, ArrayDataset validate) {

  static final int COORDINATES = 8;
  static final int CLASSES = 3;
  private static final int BATCH = 32;

  static Data draw(NDManager manager) {
    return new Data(dataset(2048, true, manager), dataset(1024, false, manager));
  }

  private static ArrayDataset dataset(int rows, boolean shuffled, NDManager manager) {
    NDArray points = manager.randomNormal(new Shape(rows, COORDINATES));
    NDArray labels = points.get(":, 0:" + CLASSES).argMax(1).toType(DataType.INT32, false);
    return new ArrayDataset.Builder()
        .setData(points)
        .optLabels(labels)
        .setSampling(BATCH, shuffled)
        .build();
  }
}
