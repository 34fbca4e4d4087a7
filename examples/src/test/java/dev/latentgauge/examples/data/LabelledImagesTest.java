package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledImagesTest {

  private static final LabelledImages SMALL =
      LabelledImages.of(
          ByteBuffer.wrap(SmallDataset.PIXELS), ByteBuffer.wrap(SmallDataset.LABELS), 2, 10);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void pixelsAreScaledToOneAndStandardised() {
    NDArray images = SMALL.images(manager);

    assertThat(images.getShape()).isEqualTo(new Shape(3, 1, 2, 2));
    assertThat(images.getDataType()).isEqualTo(DataType.FLOAT32);
    // (0/255 - .286)/.353, (1/255 - .286)/.353 and, for the byte -1, (255/255 - .286)/.353
    assertThat(images.getFloat(0, 0, 0, 0)).isEqualTo(-0.810198f, within(1e-5f));
    assertThat(images.getFloat(0, 0, 0, 1)).isEqualTo(-0.799089f, within(1e-5f));
    assertThat(images.getFloat(2, 0, 0, 0)).isEqualTo(2.022663f, within(1e-5f));
  }

  @Test
  void brightnessIsThePixelAsAShareOfWhite() {
    NDArray brightness = SMALL.brightness(manager);

    assertThat(brightness.getShape()).isEqualTo(new Shape(3, 1, 2, 2));
    // 1/255, and the byte -1 is 255.
    assertThat(brightness.getFloat(0, 0, 0, 1)).isEqualTo(0.0039216f, within(1e-6f));
    assertThat(brightness.getFloat(2, 0, 0, 0)).isEqualTo(1f);
  }

  @Test
  void aPartHasItsRowsOnly() {
    LabelledImages part = SMALL.rows(1, 3);

    assertThat(part.size()).isEqualTo(2);
    assertThat(part.labels(manager).toLongArray()).containsExactly(0, 2);
    assertThat(part.images(manager).toFloatArray())
        .containsExactly(SMALL.images(manager).get("1:3").toFloatArray());
  }

  @Test
  void aPartOfAPartCountsFromThePart() {
    assertThat(SMALL.rows(1, 3).rows(1, 2).label(0)).isEqualTo(2);
  }

  @Test
  void aPartMustBeWithinTheImages() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> SMALL.rows(1, 4))
        .withMessageContaining("1")
        .withMessageContaining("4");
  }

  @Test
  void everyImageNeedsALabel() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LabelledImages.of(
                    ByteBuffer.wrap(SmallDataset.PIXELS), ByteBuffer.wrap(new byte[2]), 2, 10))
        .withMessage(
            "there must be a label for each image of 2 x 2 pixels, but are 2 labels and 12 pixels");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.25, 250", "0.4996, 500", "1, 1000"})
  void exactlyTheShareOfLabelsIsWrong(double share, int expected) {
    LabelledImages images = blank(1000);
    LabelledImages noisy = images.withWrongLabels(share, 7);

    long wrong =
        IntStream.range(0, 1000).filter(row -> noisy.label(row) != images.label(row)).count();

    assertThat(wrong).isEqualTo(expected);
    assertThat(noisy.size()).isEqualTo(1000);
  }

  @Test
  void wrongLabelsAreEveryOtherClassEquallyOften() {
    LabelledImages noisy = blank(90_000).rows(3, 90_000).withWrongLabels(1, 3);

    int[] counts = new int[10];
    for (int row = 0; row < noisy.size(); row++) {
      counts[Math.floorMod(noisy.label(row) - (row + 3), 10)]++;
    }

    assertThat(counts[0]).isZero();
    // 9,999.7 expected of each; the standard deviation is 94.
    for (int shift = 1; shift < 10; shift++) {
      assertThat(counts[shift]).isBetween(9_530, 10_470);
    }
  }

  @Test
  void wrongLabelsAreSpreadOverAllRows() {
    LabelledImages images = blank(10_000);
    LabelledImages noisy = images.withWrongLabels(0.3, 5);

    long inFirstHalf =
        IntStream.range(0, 5_000).filter(row -> noisy.label(row) != images.label(row)).count();

    // 1,500 expected; the standard deviation is 23.
    assertThat(inFirstHalf).isBetween(1_385L, 1_615L);
  }

  @Test
  void theSeedDecidesWhichLabelsAreWrong() {
    LabelledImages images = blank(1000);

    long[] first = images.withWrongLabels(0.5, 1).labels(manager).toLongArray();
    long[] again = images.withWrongLabels(0.5, 1).labels(manager).toLongArray();
    long[] other = images.withWrongLabels(0.5, 2).labels(manager).toLongArray();

    assertThat(again).containsExactly(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void wrongLabelsLeaveTheOriginalAlone() {
    LabelledImages images = blank(100);
    images.withWrongLabels(1, 1);

    assertThat(IntStream.range(0, 100).allMatch(row -> images.label(row) == row % 10)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void theShareOfWrongLabelsMustBeAShare(double share) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SMALL.withWrongLabels(share, 0))
        .withMessage("the share of wrong labels must be in [0, 1], but is " + share);
  }

  @Test
  void theDatasetYieldsBatchesOfImagesWithTheirLabels() throws IOException, TranslateException {
    ArrayDataset dataset = SMALL.dataset(manager, new BatchSampler(new SequenceSampler(), 2));

    List<Shape> shapes = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (Batch batch : dataset.getData(manager)) {
      shapes.add(batch.getData().singletonOrThrow().getShape());
      for (long label : batch.getLabels().singletonOrThrow().toLongArray()) {
        labels.add(label);
      }
      batch.close();
    }

    assertThat(shapes).containsExactly(new Shape(2, 1, 2, 2), new Shape(1, 1, 2, 2));
    assertThat(labels).containsExactly(7L, 0L, 2L);
  }

  @Test
  void labelsFitTheLossOfDjl() {
    NDArray logits = manager.zeros(new Shape(3, 10));

    NDArray loss =
        Loss.softmaxCrossEntropyLoss()
            .evaluate(new NDList(SMALL.labels(manager)), new NDList(logits));

    // No preference among ten classes costs the logarithm of ten.
    assertThat(loss.getFloat()).isEqualTo((float) Math.log(10), within(1e-5f));
  }

  private static LabelledImages blank(int count) {
    byte[] labels = new byte[count];
    for (int row = 0; row < count; row++) {
      labels[row] = (byte) (row % 10);
    }
    return LabelledImages.of(ByteBuffer.wrap(new byte[count]), ByteBuffer.wrap(labels), 1, 10);
  }
}
