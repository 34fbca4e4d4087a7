package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * The negative evidence lower bound of a variational autoencoder, per image, up to constants.
 *
 * <p>Pixels are normal around their reconstruction with one variance, the best one for the batch,
 * which is its mean squared error (Rybkin et al., Simple and effective VAE training with calibrated
 * decoders, ICML 2021), as in the code of the paper. So nobody has to choose what the divergence
 * counts beside the reconstruction.
 */
final class EvidenceLoss extends Loss {

  EvidenceLoss() {
    super("evidence");
  }

  /**
   * Computes the loss.
   *
   * @param labels the images
   * @param predictions the reconstructions, then means and logarithms of deviations, n x z
   * @return one element
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray images = labels.singletonOrThrow();
    NDArray means = predictions.get(1);
    NDArray logs = predictions.get(2);
    long n = images.getShape().get(0);
    NDArray error = predictions.head().sub(images).square().mean();
    NDArray likelihood = times(error.log(), images.size() / (2.0 * n));
    NDArray spread = means.square().add(times(logs, 2).exp()).sum();
    NDArray divergence = times(spread, 0.5).sub(logs.sum());
    return likelihood.add(times(divergence, 1.0 / n));
  }

  /** The engine's own copy of the number: that of {@code mul(Number)} is gone before it is read. */
  private static NDArray times(NDArray array, double factor) {
    return array.mul(array.getManager().create((float) factor).duplicate());
  }
}
