package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeSetTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theSameSeedDrawsTheSameInputsAndAnotherSeedOthers() {
    try (ProbeSet first = ProbeSet.sample(numbered(100), 5, 10, 7);
        ProbeSet second = ProbeSet.sample(numbered(100), 5, 10, 7);
        ProbeSet other = ProbeSet.sample(numbered(100), 5, 10, 8)) {
      assertThat(first.fingerprint()).isEqualTo(second.fingerprint()).hasSize(64);
      assertThat(first.fingerprint()).isNotEqualTo(other.fingerprint());
      assertThat(first.anchors().head().getShape()).isEqualTo(new Shape(5, 2));
      assertThat(first.probes().head().getShape()).isEqualTo(new Shape(10, 2));
      assertThat(first.anchorCount()).isEqualTo(5);
      assertThat(first.probeCount()).isEqualTo(10);
    }
  }

  @Test
  void noInputIsDrawnTwiceAndAllCanBeDrawn() {
    try (ProbeSet probes = ProbeSet.sample(numbered(40), 10, 30, 1)) {
      List<Float> drawn = new ArrayList<>();
      for (NDList part : List.of(probes.anchors(), probes.probes())) {
        for (float number : part.head().get(":, 0").toFloatArray()) {
          drawn.add(number);
        }
      }
      Collections.sort(drawn);
      assertThat(drawn)
          .containsExactlyElementsOf(
              DoubleStream.iterate(0, i -> i + 1).limit(40).mapToObj(i -> (float) i).toList());
    }
  }

  @Test
  void equalInputsCountOnce() {
    RandomAccessDataset pairs = dataset(manager.arange(20f).div(2).floor().reshape(20, 1));
    ProbeSet.sample(pairs, 3, 7, 1).close();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sample(pairs, 3, 8, 1))
        .withMessage(
            "the data set must have at least 11 different inputs (anchors and probes), but has 10");
  }

  @Test
  void labelsNeedNotExist() {
    ArrayDataset withoutLabels =
        new ArrayDataset.Builder()
            .setData(manager.arange(12f).reshape(12, 1))
            .setSampling(4, false)
            .build();
    ProbeSet.sample(withoutLabels, 2, 4, 1).close();
  }

  @Test
  void labelsDoNotDecideWhatIsDrawn() {
    NDArray rows = manager.arange(30f).reshape(30, 1);
    ArrayDataset labelled =
        new ArrayDataset.Builder()
            .setData(rows)
            .optLabels(manager.randomUniform(0, 9, new Shape(30)))
            .setSampling(4, false)
            .build();
    try (ProbeSet one = ProbeSet.sample(labelled, 4, 6, 3);
        ProbeSet other = ProbeSet.sample(dataset(rows), 4, 6, 3)) {
      assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    }
  }

  @Test
  void severalInputArraysStayTogether() {
    NDArray numbers = manager.arange(30f).reshape(30, 1);
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(numbers, numbers.mul(10).repeat(1, 3))
            .setSampling(4, false)
            .build();
    try (ProbeSet probes = ProbeSet.sample(dataset, 4, 6, 3)) {
      assertThat(probes.anchors()).hasSize(2);
      assertThat(probes.probes().get(1).get(":, 2").toFloatArray())
          .isEqualTo(probes.probes().get(0).mul(10).flatten().toFloatArray());
    }
  }

  @Test
  void anAnchorAmongTheProbesIsRefused() {
    NDList anchors = new NDList(manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2)));
    NDList probes = new NDList(manager.create(new float[] {5, 6, 7, 8, 3, 4}, new Shape(3, 2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.of(anchors, probes))
        .withMessage("anchors and probes must be different inputs, but probe 2 is also an anchor");
  }

  @Test
  void inputsOfDifferentKindsAreRefused() {
    NDList anchors = new NDList(manager.ones(new Shape(2, 2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.of(anchors, new NDList(manager.zeros(new Shape(3, 4)))))
        .withMessage(
            "anchors and probes must be inputs of one model, but array 0 is float32(2, 2) of the"
                + " anchors and float32(3, 4) of the probes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.of(anchors, new NDList()))
        .withMessageContaining("but have 1 and 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sample(numbered(9), 0, 3, 1))
        .withMessage("there must be at least 1 anchor and 3 probes, but are 0 and 3");
  }

  /** Row i is (i, -i). */
  private RandomAccessDataset numbered(int rows) {
    NDArray numbers = manager.arange((float) rows).reshape(rows, 1);
    return dataset(numbers.concat(numbers.neg(), 1));
  }

  private RandomAccessDataset dataset(NDArray rows) {
    return new ArrayDataset.Builder()
        .setData(rows)
        .optLabels(manager.zeros(new Shape(rows.getShape().get(0))))
        .setSampling(4, true)
        .build();
  }
}
