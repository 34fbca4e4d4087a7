package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A draw from inputs that come by. */
class PassingInputsTest {

  private static final int ROWS = 200;

  private NDManager manager = NDManager.newBaseManager();
  private NDArray numbers = manager.zeros(new Shape(1));

  @BeforeEach
  void makeInputs() {
    manager = NDManager.newBaseManager();
    numbers = manager.arange(ROWS).toType(DataType.FLOAT32, false).reshape(ROWS, 1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDList rows(int from, int to) {
    return new NDList(numbers.get(from + ":" + to));
  }

  private static List<Float> values(NDList inputs) {
    NDArray array = inputs.head();
    List<Float> values = new ArrayList<>();
    for (float value : array.toFloatArray()) {
      values.add(value);
    }
    return values;
  }

  @Test
  void ofAllThatComesByEachInputIsDrawnAtMostOnce() {
    try (PassingInputs inputs = new PassingInputs(16, 32)) {
      inputs.add(rows(0, 120));
      inputs.add(rows(80, ROWS));
      inputs.add(rows(0, ROWS));
      try (ProbeSet drawn = inputs.draw()) {
        assertThat(drawn.anchorCount()).isEqualTo(16);
        assertThat(drawn.probeCount()).isEqualTo(32);
        Set<Float> different = new HashSet<>(values(drawn.anchors()));
        different.addAll(values(drawn.probes()));
        assertThat(different).hasSize(48).allMatch(value -> value >= 0 && value < ROWS);
      }
    }
  }

  @Test
  void orderBatchesAndRepetitionsDecideNothing() {
    try (PassingInputs forward = new PassingInputs(16, 32);
        PassingInputs backward = new PassingInputs(16, 32)) {
      forward.add(rows(0, ROWS));
      for (int from = ROWS - 10; from >= 0; from -= 10) {
        backward.add(rows(from, from + 10));
        backward.add(rows(from, from + 3));
      }
      try (ProbeSet one = forward.draw();
          ProbeSet other = backward.draw()) {
        assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
      }
    }
  }

  @Test
  void inputsFromTheWholeRangeAreDrawn() {
    try (PassingInputs inputs = new PassingInputs(20, 20)) {
      inputs.add(rows(0, ROWS));
      try (ProbeSet drawn = inputs.draw()) {
        // Of 20 drawn from 200, none in a half has a chance of one in a million.
        for (NDList part : List.of(drawn.anchors(), drawn.probes())) {
          assertThat(values(part)).anyMatch(value -> value < 100).anyMatch(value -> value >= 100);
        }
      }
    }
  }

  @Test
  void whatIsDrawnIsACopy() {
    try (PassingInputs inputs = new PassingInputs(2, 3)) {
      NDList batch = rows(0, 5);
      inputs.add(batch);
      batch.head().muli(0);
      batch.close();
      try (ProbeSet drawn = inputs.draw()) {
        assertThat(new HashSet<>(values(drawn.probes()))).hasSize(3);
        inputs.add(rows(5, ROWS));
        assertThat(values(drawn.probes())).allMatch(value -> value < 5);
      }
    }
  }

  @Test
  void severalArraysAreOneInput() {
    try (PassingInputs inputs = new PassingInputs(2, 3)) {
      NDArray marks = manager.arange(5).toType(DataType.INT64, false);
      inputs.add(new NDList(numbers.get("0:5"), marks));
      try (ProbeSet drawn = inputs.draw()) {
        assertThat(drawn.probes()).hasSize(2);
        assertThat(drawn.probes().get(1).getDataType()).isEqualTo(DataType.INT64);
        for (int i = 0; i < 3; i++) {
          assertThat(drawn.probes().get(1).toLongArray()[i])
              .isEqualTo((long) drawn.probes().get(0).toFloatArray()[i]);
        }
      }
    }
  }

  @Test
  void tooFewDifferentInputsAreCounted() {
    try (PassingInputs inputs = new PassingInputs(2, 3)) {
      inputs.add(rows(0, 4));
      inputs.add(rows(0, 4));
      assertThatIllegalArgumentException()
          .isThrownBy(inputs::draw)
          .withMessageContaining("at least 5 different inputs (anchors and probes), but has 4");
    }
  }

  @Test
  void inputsThatDoNotFitAreRefusedAndCostNothing() {
    try (PassingInputs inputs = new PassingInputs(2, 3)) {
      inputs.add(rows(0, 100));
      // Though it may be of no use: whether its fingerprint is low decides nothing.
      assertThatIllegalArgumentException()
          .isThrownBy(() -> inputs.add(new NDList(manager.zeros(new Shape(2, 7)))))
          .withMessageContaining("(1, 7)");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  inputs.add(
                      new NDList(manager.zeros(new Shape(2, 1)), manager.zeros(new Shape(3)))))
          .withMessageContaining("one row an input");
      try (ProbeSet drawn = inputs.draw()) {
        assertThat(drawn.probeCount()).isEqualTo(3);
      }
    }
  }
}
