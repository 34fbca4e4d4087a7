package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reads the real data; the expected values were computed from the published files with Python. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FashionMnistTest {

  private FashionMnist data;

  @BeforeAll
  void read() throws DataException {
    data = FashionMnist.find();
  }

  @Test
  void hasSixtyThousandAndTenThousandImages() {
    assertThat(data.train().size()).isEqualTo(60_000);
    assertThat(data.test().size()).isEqualTo(10_000);
  }

  @Test
  void everyClassIsEquallyFrequent() {
    assertThat(classCounts(data.train())).containsOnly(6_000).hasSize(10);
    assertThat(classCounts(data.test())).containsOnly(1_000).hasSize(10);
  }

  @Test
  void labelsAreInTheOrderOfTheFiles() {
    assertThat(IntStream.range(0, 10).map(data.train()::label))
        .containsExactly(9, 0, 0, 3, 0, 2, 7, 2, 5, 5);
    assertThat(IntStream.range(0, 10).map(data.test()::label))
        .containsExactly(9, 2, 1, 1, 6, 1, 4, 6, 5, 7);
  }

  @Test
  void imagesAreInTheOrderOfTheFiles() {
    // The grey values of the first training and the last test image add up to these.
    assertThat(greySum(data.train().rows(0, 1))).isEqualTo(76_247, within(1.0));
    assertThat(greySum(data.test().rows(9_999, 10_000))).isEqualTo(24_390, within(1.0));
  }

  @Test
  void theTrainingImagesAreStandardised() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray images = data.train().images(manager);

      assertThat(images.getShape()).isEqualTo(new Shape(60_000, 1, 28, 28));
      assertThat(images.mean().getFloat()).isEqualTo(0, within(1e-3f));
      assertThat(images.square().mean().getFloat()).isEqualTo(1, within(1e-3f));
    }
  }

  @Test
  void aFolderWithoutTheFilesIsNamedWithTheWayToGetThem(@TempDir Path folder) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> FashionMnist.load(folder))
        .withMessageContaining("train-images-idx3-ubyte.gz")
        .withMessageContaining(folder.toString())
        .withMessageContaining("apt-get install dataset-fashion-mnist")
        .withMessageContaining("--data DIR");
  }

  private static int[] classCounts(LabelledImages images) {
    int[] counts = new int[FashionMnist.CLASSES];
    for (int row = 0; row < images.size(); row++) {
      counts[images.label(row)]++;
    }
    return counts;
  }

  private static double greySum(LabelledImages image) {
    try (NDManager manager = NDManager.newBaseManager()) {
      double sum = 0;
      for (float value : image.images(manager).toFloatArray()) {
        sum += (value * 0.3530 + 0.2860) * 255;
      }
      return sum;
    }
  }
}
