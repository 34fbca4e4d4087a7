package dev.latentgauge.examples.stitching.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.latentgauge.examples.stitching.Ensemble;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.images.ImageTraining;
import dev.latentgauge.relative.RelativeRepresentation;
import java.util.List;

/**
 * What is kept of a training at one of its steps: enough to put its parts together with others'.
 *
 * @param training which
 * @param step how many updates have been
 * @param relative the cosines of the probes to the anchors, n x k
 * @param projected what heads see of the test images, m x k
 * @param weight of its head, 10 x k
 * @param bias of its head, 10
 */
record Checkpoint(
    Member training, int step, NDArray relative, NDArray projected, NDArray weight, NDArray bias) {

  /** Looks at a network; all arrays are attached to {@code manager}. */
  static Checkpoint of(
      Member training,
      int step,
      Network network,
      ImageTraining data,
      NDArray probes,
      NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray anchors = network.embed(Ensemble.view(data.anchors(), scratch));
      NDArray embedded = network.embed(Ensemble.view(probes, scratch));
      NDArray relative = kept(RelativeRepresentation.of(anchors, embedded), manager);
      NDArray test = network.embed(Ensemble.view(data.test(), scratch));
      NDArray projected = kept(network.project(test), manager);
      List<Parameter> head = network.headParameters().values();
      return new Checkpoint(
          training,
          step,
          relative,
          projected,
          kept(head.get(0).getArray().stopGradient().duplicate(), manager),
          kept(head.get(1).getArray().stopGradient().duplicate(), manager));
    }
  }

  private static NDArray kept(NDArray array, NDManager manager) {
    array.attach(manager);
    return array;
  }

  /** The accuracy of the head of another checkpoint behind this one's encoder. */
  double accuracyUnder(Checkpoint head, ImageTraining data) {
    try (NDManager scratch = projected.getManager().newSubManager()) {
      NDArray seen = Ensemble.view(projected, scratch);
      return data.accuracy(seen.matMul(head.weight.transpose()).add(head.bias));
    }
  }
}
