package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The cosines of embeddings to the embeddings of a few anchors.
 *
 * <p>They do not change when the embedding space is rotated, reflected or rescaled, which is what
 * separates two trainings of one network, so representations of different trainings, and of
 * networks with different numbers of dimensions, can be compared.
 */
public final class RelativeRepresentation {

  private RelativeRepresentation() {}

  /**
   * Describes each probe by its cosines to the anchors.
   *
   * <p>Takes the time of one n x d x k matrix product and a pass over the inputs and the result.
   * Half precision is widened to float32 first. Embeddings of any finite size have a direction. A
   * zero row has the cosine 0 to everything; a row that is not finite has the cosine NaN. Gradients
   * flow to both arguments and are finite at zero rows.
   *
   * @param anchors the k x d embeddings of the anchors
   * @param probes the n x d embeddings of the probes, on the same device
   * @return the n x k cosines, attached to the manager of {@code probes}
   * @throws IllegalArgumentException if either is not a matrix of floating-point numbers, or if
   *     they differ in d
   */
  public static NDArray of(NDArray anchors, NDArray probes) {
    requireEmbeddings("anchors", anchors);
    requireEmbeddings("probes", probes);
    requireOneModel(anchors, probes.getShape().get(1));
    return Scratch.compute(
        probes,
        p -> {
          NDArray a = Scratch.view(p.getManager(), anchors);
          RowLengths ofProbes = RowLengths.of(atLeastFloat32(p));
          NDArray products =
              ofProbes.rows().matMul(RowLengths.of(atLeastFloat32(a)).unit().transpose());
          // There are mostly fewer products than entries of the probes; and to go back from a
          // product takes half of the matrices that it takes from a quotient.
          NDArray lengths = ofProbes.lengths();
          return products.muli(lengths.onesLike().div(lengths));
        });
  }

  /**
   * Describes each of many probes, which are read in batches, by its cosines to the anchors.
   *
   * @param anchors the k x d embeddings of the anchors
   * @param probes the n x d embeddings of the probes
   * @return the n x k cosines, attached to the manager of {@code anchors}
   * @throws IllegalArgumentException if either is not of floating-point numbers, or if they differ
   *     in d
   */
  public static NDArray of(NDArray anchors, Rows probes) {
    requireEmbeddings("anchors", anchors);
    requireOneModel(anchors, probes.dimensions());
    try (NDManager scratch = anchors.getManager().newSubManager()) {
      NDArray directions = Scratch.view(scratch, anchors);
      NDList cosines = new NDList();
      for (Rows.Range batch : probes.batches(probes.batchSize())) {
        try (NDManager pass = scratch.newSubManager()) {
          NDArray described = of(directions, probes.read(batch, pass));
          described.attach(scratch);
          cosines.add(described);
        }
      }
      NDArray all = cosines.size() == 1 ? cosines.get(0) : NDArrays.concat(cosines);
      all.attach(anchors.getManager());
      return all;
    }
  }

  private static void requireOneModel(NDArray anchors, long probeDimensions) {
    long anchorDimensions = anchors.getShape().get(1);
    if (anchorDimensions != probeDimensions) {
      throw new IllegalArgumentException(
          "anchors and probes must come from one model, but anchors have "
              + anchorDimensions
              + " dimensions and probes "
              + probeDimensions);
    }
  }

  /**
   * Widens half precision, through which a gradient may flow, as it may not with {@code toType} of
   * DJL 0.36: the sum of numbers of two types is of the wider one.
   */
  static NDArray atLeastFloat32(NDArray array) {
    boolean isWide =
        array.getDataType() == DataType.FLOAT32 || array.getDataType() == DataType.FLOAT64;
    return isWide ? array : array.add(array.getManager().zeros(new Shape(1), DataType.FLOAT32));
  }

  static void requireEmbeddings(String name, NDArray array) {
    requireMatrix(name, array);
    if (array.getShape().get(0) == 0 || array.getShape().get(1) == 0) {
      throw new IllegalArgumentException(
          name
              + " must have at least one row and one dimension, but have shape "
              + array.getShape());
    }
  }

  static void requireMatrix(String name, NDArray array) {
    if (array.getShape().dimension() != 2 || !array.getDataType().isFloating()) {
      throw new IllegalArgumentException(
          name
              + " must be a matrix of floating-point numbers, but has shape "
              + array.getShape()
              + " and type "
              + array.getDataType());
    }
  }
}
