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
 * about 1 for chance, and a little above for worse.
 *
 * <p>A loss of DJL sees labels and predictions, never the model. This one takes as predictions the
 * embeddings of the reference's anchors and then of its probes, and ignores the labels: embed both
 * with the model that is trained, in one batch, and add the loss to that of the task in a step of
 * your own. Gradients flow to anchors and probes, and are finite wherever the embeddings are.
 *
 * <p>Costs what a score costs, and no copy to the host except for the adaptive profile, whose
 * temperature is found there. Not thread-safe: make one for each device that trains.
 */
public final class RelativeSimilarityLoss extends Loss {

  private final Gauge gauge;
  private final long anchors;
  private final long probes;

  /**
   * Prepares to compare with a reference.
   *
   * @param reference the reference, which may be closed afterwards
   * @param manager decides on the device; the loss can be used until it is closed
   * @throws IllegalArgumentException if no gradient flows through the profile of the reference
   */
  public RelativeSimilarityLoss(Reference reference, NDManager manager) {
    super("RelativeSimilarityLoss");
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
    return score.neg().add(1).toType(isDouble ? DataType.FLOAT64 : DataType.FLOAT32, false);
  }
}
