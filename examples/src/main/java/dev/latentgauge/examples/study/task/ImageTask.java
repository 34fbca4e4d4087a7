package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.Digits;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Images of several classes, for perceptrons and convolutional networks. */
public final class ImageTask implements Task {

  private static final long SPLIT_SEED = 0;

  private final String name;
  private final String title;
  private final String description;
  private final Classification images;
  private final int anchorPool;
  private final int probes;
  private final Trainings<ImagePlan> trainings = new Trainings<>();

  private ImageTask(
      String name,
      String title,
      String description,
      Classification images,
      int anchorPool,
      int probes,
      List<ImagePlan> plans) {
    this.name = name;
    this.title = title;
    this.description = description;
    this.images = images;
    this.anchorPool = anchorPool;
    this.probes = probes;
    plans.forEach(plan -> trainings.add(plan.run(), plan));
  }

  /**
   * Fashion-MNIST: 3,072 of its training images are the pool, the others are trained on.
   *
   * @param data all images
   * @param scale how much to train
   * @return the task
   */
  public static ImageTask fashionMnist(FashionMnist data, Scale scale) {
    int pool = 3072;
    LabelledImages train = data.train();
    NDManager manager = NDManager.newBaseManager();
    NDArray inputs = train.images(manager);
    int[] order = Draw.permutation(train.size(), new Random(SPLIT_SEED));
    Classification images =
        classification(
            manager,
            inputs,
            train.labels(manager),
            order,
            pool,
            data.test().images(manager),
            data.test().labels(manager),
            FashionMnist.CLASSES);
    inputs.close();
    return new ImageTask(
        "fashion-mnist",
        "Fashion-MNIST",
        "Fashion-MNIST (Xiao et al. 2017). The pool are 3,072 training images that no run trains on,"
            + " drawn at random (seed 0); runs train on up to 56,928 others. Accuracy is that on all"
            + " 10,000 test images. Perceptrons and convolutional networks that vary in width, depth,"
            + " activation, batch normalisation, dropout, dimensions of the monitored layer,"
            + " optimiser, learning rate, amount of data (500, 2,000, 10,000, 56,928) and label noise"
            + " (0, .3, .6).",
        images,
        1024,
        512,
        ImagePlan.all(scale, 80, List.of(500, 2_000, 10_000, images.size()), 1_500, 64));
  }

  /**
   * Digits of 8 x 8 pixels: 512 are the pool, 385 test accuracy, and 900 are trained on.
   *
   * @param data all digits
   * @param scale how much to train
   * @return the task
   */
  public static ImageTask digits(Digits data, Scale scale) {
    int pool = 512;
    int test = 385;
    NDManager manager = NDManager.newBaseManager();
    int[] order = Draw.permutation(data.images().size(), new Random(SPLIT_SEED));
    int[] testRows = IntStream.range(0, test).map(i -> order[i]).toArray();
    int[] others = IntStream.range(test, order.length).map(i -> order[i]).toArray();
    NDArray inputs = pixels(data, manager);
    NDArray labels =
        manager.create(data.images().stream().mapToLong(Digits.Image::digit).toArray());
    Classification images =
        classification(
            manager,
            inputs,
            labels,
            others,
            pool,
            rows(inputs, testRows),
            rows(labels, testRows),
            Digits.CLASSES);
    inputs.close();
    return new ImageTask(
        "digits",
        "Digits",
        "Handwritten digits of 8 x 8 pixels (scikit-learn's copy of the UCI set). 512 are the pool,"
            + " 385 others test accuracy, and runs train on up to 900 others, all drawn at random"
            + " (seed 0). Perceptrons and convolutional networks that vary as on Fashion-MNIST, with"
            + " 50 to 900 images.",
        images,
        128,
        384,
        ImagePlan.all(scale, 60, List.of(50, 200, images.size()), 600, 32));
  }

  private static NDArray pixels(Digits data, NDManager manager) {
    float[] values = new float[data.images().size() * Digits.SIDE * Digits.SIDE];
    int next = 0;
    for (Digits.Image image : data.images()) {
      for (int pixel : image.pixels()) {
        values[next++] = pixel / 8f - 1;
      }
    }
    return manager.create(values, new Shape(data.images().size(), 1, Digits.SIDE, Digits.SIDE));
  }

  /** The first {@code pool} rows of an order become the pool, the others are trained on. */
  private static Classification classification(
      NDManager manager,
      NDArray inputs,
      NDArray labels,
      int[] order,
      int pool,
      NDArray testInputs,
      NDArray testLabels,
      int classes) {
    int[] poolRows = IntStream.range(0, pool).map(i -> order[i]).toArray();
    int[] trainRows = IntStream.range(pool, order.length).map(i -> order[i]).toArray();
    return new Classification(
        manager,
        rows(inputs, trainRows),
        rows(labels, trainRows).toLongArray(),
        rows(inputs, poolRows),
        testInputs,
        testLabels,
        classes);
  }

  private static NDArray rows(NDArray array, int[] rows) {
    return array.get(new NDIndex("{}", array.getManager().create(rows)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<Run> runs() {
    return trainings.runs();
  }

  @Override
  public int anchorPool() {
    return anchorPool;
  }

  @Override
  public int probes() {
    return probes;
  }

  @Override
  public List<View> views() {
    return View.ofLayers(this, title);
  }

  @Override
  public void train(Run run, Recorder recorder) throws IOException, TranslateException {
    images.train(trainings.recipe(run).recipe(), recorder);
  }

  @Override
  public void close() {
    images.close();
  }
}
