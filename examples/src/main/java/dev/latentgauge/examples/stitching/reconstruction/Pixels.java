package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.stitching.Settings;

/**
 * The images of Fashion-MNIST, n x 1 x 28 x 28, in [0, 1].
 *
 * @param train what is learnt from
 * @param anchors training images that are not learnt from
 * @param test the images that reconstructions are judged on
 */
record Pixels(NDArray train, NDArray anchors, NDArray test) {

  static Pixels of(FashionMnist images, Settings settings, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray all = images.train().brightness(scratch);
      long count = all.getShape().get(0);
      long learnt = settings.scaled((int) count - Autoencoder.ANCHORS, 256);
      NDArray tested =
          images.test().rows(0, settings.scaled(images.test().size(), 64)).brightness(manager);
      return new Pixels(
          kept(all, 0, learnt, manager),
          kept(all, count - Autoencoder.ANCHORS, count, manager),
          tested);
    }
  }

  private static NDArray kept(NDArray all, long from, long to, NDManager manager) {
    NDArray part = all.get(new NDIndex("{}:{}", from, to)).duplicate();
    part.attach(manager);
    return part;
  }
}
