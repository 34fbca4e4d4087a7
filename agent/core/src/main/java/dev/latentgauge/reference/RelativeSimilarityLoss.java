package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.loss.Loss;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.RelativeRepresentation;

/**
 * How far embeddings are from agreeing with a reference: one less the score, from 0 for identity to
 * about 1 for chance, and a little above for worse; times a weight.
 *
 * <p>A loss of DJL sees labels and predictions, never the model. This one takes as predictions the
 * embeddings of the reference's anchors and then of its probes, and ignores the labels: embed both
 * with the model that is trained, in one batch, and add the loss to that of the task in a step of
 * your own. Gradients flow to anchors and probes, and are finite wherever the embeddings are.
 *
 * <p>Give the weight here, rather than multiply by it: {@code mul(Number)} of DJL 0.36 lets go of
 * the number's memory before the backward pass reads it.
 *
 * <p>Costs what {@link Gauge#score} costs, and no copy to the host except for an adaptive profile,
 * whose temperature is found there. Not thread-safe: make one for each device that trains.
 */
public final class RelativeSimilarityLoss extends Loss {

  private final Gauge gauge;
  private final long anchors;
  private final long probes;
  private final NDArray weight;

  /**
   * Prepares to compare with a reference, with a weight of 1.
   *
   * @param reference the reference, which may be closed afterwards
   * @param manager decides on the device; the loss can be used until it is closed
   * @throws IllegalArgumentException if no gradient flows through the profile of the reference
   */
  public RelativeSimilarityLoss(Reference reference, NDManager manager) {
    this(reference, manager, 1);
  }

  /**
   * Prepares to compare with a reference.
   *
   * @param reference the reference, which may be closed afterwards
   * @param manager decides on the device; the loss can be used until it is closed
   * @param weight what the loss is multiplied by, above 0 and finite
   * @throws IllegalArgumentException if no gradient flows through the profile of the reference, or
   *     the weight is out of range
   */
  public RelativeSimilarityLoss(Reference reference, NDManager manager, double weight) {
    super("RelativeSimilarityLoss");
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the weight of a loss must be above 0 and finite, but is " + weight);
    }
    if (!reference.profile().differentiable()) {
      throw new IllegalArgumentException(
          "a loss needs a reference with a differentiable profile, but that of "
              + reference.id()
              + " is "
              + reference.profile());
    }
    this.anchors = reference.anchorCount();
    this.probes = reference.probeCount();
    this.gauge = reference.gauge(manager);
    this.weight = manager.create(weight);
  }

  /**
   * Computes the loss.
   *
   * @param labels ignored, may be empty
   * @param predictions one array, (k + n) x d: the embeddings of the k anchors, then those of the n
   *     probes, on the device of this loss
   * @return one element, attached to the manager of the embeddings, in float64 if they are, else in
   *     float32
   * @throws IllegalArgumentException if the embeddings are not of as many anchors and probes as the
   *     reference has
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray embeddings = predictions.singletonOrThrow();
    if (embeddings.getShape().dimension() != 2
        || embeddings.getShape().get(0) != anchors + probes) {
      throw new IllegalArgumentException(
          "the loss needs a matrix with the embeddings of "
              + anchors
              + " anchors and then of "
              + probes
              + " probes, but was given "
              + embeddings.getShape());
    }
    NDArray ofAnchors = embeddings.get(new NDIndex().addSliceDim(0, anchors));
    NDArray ofProbes = embeddings.get(new NDIndex().addSliceDim(anchors, anchors + probes));
    NDArray score = gauge.score(RelativeRepresentation.of(ofAnchors, ofProbes));
    boolean isDouble = embeddings.getDataType() == DataType.FLOAT64;
    NDArray distance = score.neg().add(1).mul(weight);
    return distance.toType(isDouble ? DataType.FLOAT64 : DataType.FLOAT32, false);
  }
}
