package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void givenArraysAreCopied() {
    NDArray anchors = manager.arange(0, 10, 1f).reshape(5, 2);
    NDArray probes = manager.arange(10, 20, 1f).reshape(5, 2);
    NDArray nodes = manager.arange(0, 40, 1f).reshape(20, 2);
    try (ProbeSet separate = ProbeSet.of(new NDList(anchors), new NDList(probes));
        ProbeSet rows = ProbeSet.rows(new NDList(nodes), new int[] {0, 1}, new int[] {2, 3, 4})) {
      List.of(anchors, probes, nodes).forEach(array -> array.muli(0));
      assertThat(separate.anchors().head().toFloatArray()).startsWith(0, 1, 2, 3);
      assertThat(separate.probes().head().toFloatArray()).startsWith(10, 11, 12, 13);
      NDArray kept = rows.arrays().getOrDefault("input.0", manager.create(0f));
      assertThat(kept.toFloatArray()).startsWith(0, 1, 2, 3);
    }
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
  void arraysOfDifferentTypesStayTogether() {
    NDArray numbers = manager.arange(30f).reshape(30, 1);
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(numbers.toType(DataType.INT64, true), numbers.div(2).repeat(1, 3))
            .setSampling(4, false)
            .build();
    try (ProbeSet probes = ProbeSet.sample(dataset, 4, 6, 3);
        ProbeSet again = ProbeSet.of(probes.anchors(), probes.probes())) {
      assertThat(probes.probes().get(0).getDataType()).isEqualTo(DataType.INT64);
      assertThat(probes.probes().get(1).getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(probes.probes().get(1).get(":, 2").mul(2).toFloatArray())
          .isEqualTo(
              probes.probes().get(0).toType(DataType.FLOAT32, true).flatten().toFloatArray());
      assertThat(again.fingerprint()).isEqualTo(probes.fingerprint());
    }
  }

  @Test
  void inputsThatDifferInOneArrayAloneAreDifferent() {
    NDArray tokens = manager.ones(new Shape(4, 2), DataType.INT64);
    NDArray masks = manager.arange(8f).reshape(4, 2);
    NDList anchors = new NDList(tokens.get(":1"), masks.get(":1"));
    NDList probes = new NDList(tokens.get("1:"), masks.get("1:"));
    try (ProbeSet set = ProbeSet.of(anchors, probes)) {
      assertThat(set.probeCount()).isEqualTo(3);
    }
    assertRefused(
        new NDList(tokens.get(":1")),
        new NDList(tokens.get("1:")),
        "anchors and probes must be different inputs, but probe 0 is also anchor 0");
  }

  @Test
  void noInputMayBeThereTwice() {
    assertRefused(
        rows(1, 3),
        rows(5, 7, 3),
        "anchors and probes must be different inputs, but probe 2 is also anchor 1");
    assertRefused(
        rows(1, 3),
        rows(5, 7, 8, 7),
        "anchors and probes must be different inputs, but probe 3 is also probe 1");
    assertRefused(
        rows(1, 3, 1),
        rows(5, 7, 8),
        "anchors and probes must be different inputs, but anchor 2 is also anchor 0");
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "0, 0", "1, 0", "1, 1", "1, 2"})
  void tooFewAnchorsOrProbesAreRefused(int anchors, int probes) {
    String message =
        "there must be at least 1 anchor and 3 probes, but are " + anchors + " and " + probes;
    NDArray numbers = numbers(10);
    NDList first = new NDList(numbers.get(new NDIndex().addSliceDim(0, anchors)));
    NDList rest = new NDList(numbers.get(new NDIndex().addSliceDim(5, 5 + probes)));
    assertRefused(first, rest, message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sample(numbered(9), anchors, probes, 1))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sampleRows(first, 9, anchors, probes, 1))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.rows(first, new int[anchors], new int[probes]))
        .withMessage(message);
  }

  @Test
  void oneAnchorAndThreeProbesAreEnough() {
    try (ProbeSet set = ProbeSet.of(rows(1), rows(2, 3, 4))) {
      assertThat(set.anchorCount()).isEqualTo(1);
      assertThat(set.probeCount()).isEqualTo(3);
    }
    ProbeSet.sample(numbered(4), 1, 3, 1).close();
  }

  @Test
  void inputsOfDifferentKindsAreRefused() {
    NDList anchors = new NDList(manager.ones(new Shape(2, 2)));
    assertRefused(
        anchors,
        new NDList(manager.zeros(new Shape(3, 4))),
        "anchors and probes must be inputs of one model, but array 0 is float32(2, 2) of the"
            + " anchors and float32(3, 4) of the probes");
    assertRefused(
        anchors,
        new NDList(manager.zeros(new Shape(3, 2), DataType.INT64)),
        "anchors and probes must be inputs of one model, but array 0 is float32(2, 2) of the"
            + " anchors and int64(3, 2) of the probes");
    assertRefused(
        anchors,
        new NDList(),
        "anchors and probes must have the same arrays, at least one, but have 1 and 0");
    assertRefused(
        new NDList(),
        new NDList(),
        "anchors and probes must have the same arrays, at least one, but have 0 and 0");
  }

  @Test
  void arraysThatAreNoRowsOfInputsAreRefused() {
    NDArray rows = manager.arange(6f).reshape(3, 2);
    assertRefused(
        new NDList(manager.create(1f)),
        new NDList(rows),
        "the anchors must be dense arrays of one row an input, but array 0 is a single number");
    assertRefused(
        new NDList(rows.neg()),
        new NDList(rows.toSparse(SparseFormat.COO)),
        "the probes must be dense arrays of one row an input, but array 0 is sparse");
    assertRefused(
        new NDList(rows, rows.get(":2")),
        new NDList(rows.neg(), rows),
        "all arrays of the anchors must have as many rows, but array 0 has 3 and array 1 has 2");
    assertRefused(
        new NDList(manager.create(new Shape(2, 0))),
        new NDList(manager.create(new Shape(3, 0))),
        "every input must have at least one number, but array 0 is float32(2, 0)");
  }

  @Test
  void inputsOfDifferentLengthsAreRefused() {
    RandomAccessDataset dataset = new Ragged(manager);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sample(dataset, 1, 3, 1))
        .withMessageStartingWith(
            "all inputs of the data set must have the same arrays, at least one, of the same types"
                + " and shapes, but one has [float32(1, ");
  }

  @Test
  void itsArraysMakeItAgain() {
    NDList anchors = new NDList(numbers(3), numbers(3).toType(DataType.INT64, true));
    NDList probes = new NDList(numbers(4).neg().sub(1), numbers(4).toType(DataType.INT64, true));
    try (ProbeSet set = ProbeSet.of(anchors, probes)) {
      assertThat(set.arrays()).containsOnlyKeys("anchors.0", "anchors.1", "probes.0", "probes.1");
      Map<String, NDArray> arrays = new TreeMap<>(set.arrays());
      arrays.put("relative", manager.zeros(new Shape(4, 3)));
      try (ProbeSet again = ProbeSet.ofArrays(arrays)) {
        assertThat(again.fingerprint()).isEqualTo(set.fingerprint());
        assertThat(again.probes().get(1)).isEqualTo(set.probes().get(1));
      }
    }
  }

  @Test
  void arraysThatMakeNoProbeSetAreRefused() {
    NDArray numbers = numbers(4);
    NDArray others = numbers(4).neg().sub(1);
    assertArraysRefused(
        Map.of("relative", numbers),
        "the arrays of a probe set must be either anchors.0, probes.0 and so on, or input.0 and so"
            + " on, anchor_rows and probe_rows, but are [relative]");
    assertArraysRefused(
        Map.of("anchors.0", numbers, "probes.0", others, "input.0", numbers),
        "the arrays of a probe set must be either anchors.0, probes.0 and so on, or input.0 and so"
            + " on, anchor_rows and probe_rows, but are [anchors.0, input.0, probes.0]");
    assertArraysRefused(
        Map.of("anchors.0", numbers, "anchors.2", numbers, "probes.0", others),
        "the arrays of a probe set must be numbered from 0 without gaps, but are [anchors.0,"
            + " anchors.2]");
    assertArraysRefused(
        Map.of("anchors.0", numbers),
        "anchors and probes must have the same arrays, at least one, but have 1 and 0");
  }

  private static void assertRefused(NDList anchors, NDList probes, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.of(anchors, probes))
        .withMessage(message);
  }

  private static void assertArraysRefused(Map<String, NDArray> arrays, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.ofArrays(arrays))
        .withMessage(message);
  }

  /** Inputs of one number each. */
  private NDList rows(float... numbers) {
    return new NDList(manager.create(numbers, new Shape(numbers.length, 1)));
  }

  /** Row i is (i, -i). */
  private NDArray numbers(int rows) {
    NDArray numbers = manager.arange((float) rows).reshape(rows, 1);
    return numbers.concat(numbers.neg(), 1);
  }

  private RandomAccessDataset numbered(int rows) {
    return dataset(numbers(rows));
  }

  private RandomAccessDataset dataset(NDArray rows) {
    return new ArrayDataset.Builder()
        .setData(rows)
        .optLabels(manager.zeros(new Shape(rows.getShape().get(0))))
        .setSampling(4, true)
        .build();
  }

  /** Ten texts, of which no two have as many tokens. */
  private static final class Ragged extends RandomAccessDataset {

    private final NDManager manager;

    Ragged(NDManager manager) {
      super(new Builder().setSampling(1, false));
      this.manager = manager;
    }

    @Override
    public Record get(NDManager scratch, long index) {
      return new Record(new NDList(manager.ones(new Shape(index + 1))), new NDList());
    }

    @Override
    protected long availableSize() {
      return 10;
    }

    @Override
    public void prepare(Progress progress) {}

    private static final class Builder extends BaseBuilder<Builder> {
      @Override
      protected Builder self() {
        return this;
      }
    }
  }
}
