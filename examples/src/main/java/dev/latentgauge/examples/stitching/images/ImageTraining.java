package dev.latentgauge.examples.stitching.images;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;

/**
 * Fashion-MNIST, and how classifiers of it are trained: the same way whatever their encoder and
 * whatever their head sees.
 *
 * @param train images that are learnt from
 * @param labels their classes
 * @param anchors training images that are not learnt from, k
 * @param test the images that accuracy is measured on
 * @param testLabels their classes
 * @param steps updates of a training
 */
public record ImageTraining(
    NDArray train, NDArray labels, NDArray anchors, NDArray test, NDArray testLabels, int steps) {

  /** k. */
  public static final int ANCHORS = 256;

  static final int STEPS = 2_000;
  static final int BATCH = 128;
  static final float LEARNING_RATE = 1e-3f;

  /**
   * Finds the images.
   *
   * @param settings where they may be, and how much is trained
   * @param manager holds them
   * @return all that trainings need
   * @throws IOException if there are no images
   */
  public static ImageTraining of(Settings settings, NDManager manager) throws IOException {
    FashionMnist images = settings.images();
    int count = images.train().size();
    LabelledImages learnt = images.train().rows(0, settings.scaled(count - ANCHORS, 2 * BATCH));
    LabelledImages tested = images.test().rows(0, settings.scaled(images.test().size(), 200));
    return new ImageTraining(
        learnt.images(manager),
        learnt.labels(manager),
        images.train().rows(count - ANCHORS, count).images(manager),
        tested.images(manager),
        tested.labels(manager),
        settings.scaled(STEPS, 3));
  }

  /**
   * Some of the test images, by which accuracy is not to be measured.
   *
   * @param count at most half of them
   * @return the first ones
   */
  public NDArray firstTested(int count) {
    return test.get(new NDIndex("0:{}", count));
  }

  /**
   * The same with fewer test images.
   *
   * @param from the first that is kept
   * @param to the one after the last, or after all there are
   * @return tested on these
   */
  public ImageTraining testedOn(long from, long to) {
    NDIndex kept = new NDIndex("{}:{}", from, Math.min(to, test.getShape().get(0)));
    return new ImageTraining(train, labels, anchors, test.get(kept), testLabels.get(kept), steps);
  }

  /**
   * Trains a classifier.
   *
   * @param architecture of its encoder
   * @param representation what its head sees
   * @param seed of weights and order
   * @param observer looks at it on the way
   * @return the network, to be closed
   */
  public Network train(
      Architecture architecture,
      Representation representation,
      int seed,
      Network.Observer observer) {
    return train(architecture, representation, seed, Network.Objective.NONE, observer);
  }

  /**
   * Trains a classifier for something else beside.
   *
   * @param architecture of its encoder
   * @param representation what its head sees
   * @param seed of weights and order
   * @param objective what is added to the loss
   * @param observer looks at it on the way
   * @return the network, to be closed
   */
  public Network train(
      Architecture architecture,
      Representation representation,
      int seed,
      Network.Objective objective,
      Network.Observer observer) {
    return Network.train(
        new Network.Recipe(
            Loss.softmaxCrossEntropyLoss(), Network.adam(LEARNING_RATE, steps), BATCH, steps, seed),
        manager -> parts(architecture, representation, manager),
        train,
        labels,
        objective,
        observer);
  }

  private Network.Parts parts(
      Architecture architecture, Representation representation, NDManager manager) {
    Block encoder = architecture.encoder();
    return new Network.Parts(
        encoder, representation.layer(encoder, new NDList(anchors), manager), Architecture.head());
  }

  /**
   * The share of right answers.
   *
   * @param answers of a head, n x 10, for the first n test images
   * @return in [0, 1]
   */
  public double accuracy(NDArray answers) {
    long n = answers.getShape().get(0);
    NDArray wanted = testLabels.get(answers.getManager(), new NDIndex("0:{}", n));
    return (double) answers.argMax(1).eq(wanted).countNonzero().getLong() / n;
  }
}
