package dev.latentgauge.examples.stitching.latents;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.projection.RelativeProjection;

/**
 * What one training makes of anchors and of the images that are compared.
 *
 * @param member the training
 * @param anchors k x d
 * @param probes n x d
 * @param reconstruction the mean squared error of the n images' pixels, as a share of their
 *     variance around the mean image
 */
record LatentSpace(Member member, NDArray anchors, NDArray probes, double reconstruction) {

  private static final int[] ALONG_COLUMN = {0};

  /**
   * Looks at a training.
   *
   * @param member which
   * @param network what was trained
   * @param anchors k x 784
   * @param probes n x 784
   * @return its space, attached to the manager of {@code probes}
   */
  static LatentSpace of(Member member, Network network, NDArray anchors, NDArray probes) {
    NDArray embedded = network.embed(probes);
    try (NDManager scratch = probes.getManager().newSubManager()) {
      NDArray answers = network.answer(network.project(embedded));
      answers.attach(scratch);
      return new LatentSpace(member, network.embed(anchors), embedded, residual(answers, probes));
    }
  }

  /**
   * The images as a representation shows them.
   *
   * @param representation which
   * @return n x d for absolute, n x k cosines for the others, attached to the manager of the probes
   */
  NDArray as(Representation representation) {
    if (representation == Representation.ABSOLUTE) {
      return probes;
    }
    NDManager manager = probes.getManager();
    try (NDManager scratch = manager.newSubManager()) {
      NDArray cosines =
          RelativeProjection.builder()
              .frozen(anchors)
              .centred(representation == Representation.CENTRED)
              .build(scratch)
              .forward(new ParameterStore(scratch, false), new NDList(probes), false)
              .singletonOrThrow();
      cosines.attach(manager);
      return cosines;
    }
  }

  /**
   * What is left of wanted points once those that there are have been taken off.
   *
   * @param there n x m
   * @param wanted n x m
   * @return the squared difference as a share of the variance of the wanted ones; 0 if they are
   *     equal, 1 if the mean of the wanted ones would have done as well
   */
  static double residual(NDArray there, NDArray wanted) {
    try (NDManager scratch = wanted.getManager().newSubManager()) {
      NDArray wide = wanted.toType(DataType.FLOAT64, true);
      NDArray wideThere = there.toType(DataType.FLOAT64, true);
      wide.attach(scratch);
      wideThere.attach(scratch);
      double left = wide.sub(wideThere).square().sum().getDouble();
      return left / wide.sub(wide.mean(ALONG_COLUMN, true)).square().sum().getDouble();
    }
  }
}
