package dev.latentgauge.examples.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Sampler;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;

/**
 * Square grey images and their labels, as bytes in main memory.
 *
 * <p>Immutable. Parts share the pixels of the whole, so that any number of them is cheap; arrays
 * are made only where they are asked for. Throughout, n is the number of images.
 */
public final class LabelledImages {

  // Of the training pixels of Fashion-MNIST, scaled to [0, 1].
  private static final float MEAN = 0.2860f;
  private static final float STANDARD_DEVIATION = 0.3530f;

  private final ByteBuffer pixels;
  private final ByteBuffer labels;
  private final int side;
  private final int classes;

  private LabelledImages(ByteBuffer pixels, ByteBuffer labels, int side, int classes) {
    this.pixels = pixels;
    this.labels = labels;
    this.side = side;
    this.classes = classes;
  }

  /**
   * Takes images and labels as IDX files have them.
   *
   * @param pixels n x side x side bytes, image by image and row by row; not to be changed later
   * @param labels n bytes, each in [0, classes); not to be changed later
   * @param side height and width of an image in pixels
   * @param classes the number of classes, in [2, 128]
   */
  static LabelledImages of(ByteBuffer pixels, ByteBuffer labels, int side, int classes) {
    if (pixels.remaining() != labels.remaining() * side * side) {
      throw new IllegalArgumentException(
          "there must be a label for each image of %d x %d pixels, but are %d labels and %d pixels"
              .formatted(side, side, labels.remaining(), pixels.remaining()));
    }
    return new LabelledImages(pixels.slice(), labels.slice(), side, classes);
  }

  /**
   * The number of images.
   *
   * @return n
   */
  public int size() {
    return labels.capacity();
  }

  /**
   * The class of one image.
   *
   * @param row in [0, n)
   * @return the label, 0 for the first class
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int row) {
    return labels.get(row);
  }

  /**
   * A part of the images, in their order.
   *
   * @param from the first image, in [0, to]
   * @param to the image after the last, in [from, n]
   * @return the part, which copies nothing
   * @throws IndexOutOfBoundsException if the range is not within the images
   */
  public LabelledImages rows(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    int imageSize = side * side;
    return new LabelledImages(
        pixels.slice(from * imageSize, (to - from) * imageSize),
        labels.slice(from, to - from),
        side,
        classes);
  }

  /**
   * The same images with some labels made wrong: label noise.
   *
   * <p>Exactly the nearest whole number to {@code share} times n of the images get another label
   * than they have, each other class with the same chance. The seed decides which ones and what
   * they become.
   *
   * @param share the share of wrong labels, in [0, 1]
   * @param seed the seed of the draw
   * @return the images, whose pixels are not copied
   * @throws IllegalArgumentException if the share is out of range
   */
  public LabelledImages withWrongLabels(double share, long seed) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share of wrong labels must be in [0, 1], but is " + share);
    }
    // Not SplittableRandom: the numbers of Random are specified, so that they never change.
    Random random = new Random(seed);
    byte[] changed = new byte[size()];
    labels.get(0, changed);
    int unwanted = (int) Math.round(share * size());
    // Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
    for (int row = 0; row < changed.length && unwanted > 0; row++) {
      if (random.nextInt(changed.length - row) < unwanted) {
        int shift = 1 + random.nextInt(classes - 1);
        changed[row] = (byte) ((changed[row] + shift) % classes);
        unwanted--;
      }
    }
    return new LabelledImages(pixels, ByteBuffer.wrap(changed), side, classes);
  }

  /**
   * The images as a network wants them: scaled to [0, 1], then standardised with the mean (.2860)
   * and standard deviation (.3530) of the training images of Fashion-MNIST.
   *
   * @param manager what the array is attached to
   * @return n x 1 x side x side, float32
   */
  public NDArray images(NDManager manager) {
    return brightness(manager).subi(MEAN).divi(STANDARD_DEVIATION);
  }

  /**
   * How bright each pixel is, which is what an autoencoder reconstructs.
   *
   * @param manager what the array is attached to
   * @return n x 1 x side x side in [0, 1], float32
   */
  public NDArray brightness(NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray brightness =
          scratch
              .create(pixels.duplicate(), new Shape(size(), 1, side, side), DataType.UINT8)
              .toType(DataType.FLOAT32, true);
      brightness.divi(255f);
      brightness.attach(manager);
      return brightness;
    }
  }

  /**
   * The labels as DJL's {@code SoftmaxCrossEntropyLoss} and {@code Accuracy} want them.
   *
   * @param manager what the array is attached to
   * @return n class numbers, int64
   */
  public NDArray labels(NDManager manager) {
    long[] numbers = new long[size()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = label(row);
    }
    return manager.create(numbers);
  }

  /**
   * Images and labels for DJL to train or evaluate with. Takes 3,144 bytes an image of 28 x 28
   * pixels, 190 MB for all training images.
   *
   * @param manager what the arrays are attached to; the data set is of use until it closes
   * @param sampler what makes batches: {@code new BatchSampler(new RandomSampler(), 128, true)}
   *     shuffles, {@code new BatchSampler(new SequenceSampler(), 128)} does not
   * @return the data set
   */
  public ArrayDataset dataset(NDManager manager, Sampler sampler) {
    return new ArrayDataset.Builder()
        .setData(images(manager))
        .optLabels(labels(manager))
        .setSampling(sampler)
        .build();
  }
}
