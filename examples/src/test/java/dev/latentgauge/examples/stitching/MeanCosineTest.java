package dev.latentgauge.examples.stitching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class MeanCosineTest {

  @Test
  void rowsOfOneInputAndOfDifferentInputsAreApart() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray one = manager.create(new float[][] {{1, 0}, {0, 2}});
      NDArray other = manager.create(new float[][] {{3, 0}, {1, 1}});

      // Of the same: 1 and the root of one half. Of different: that root, and 0.
      assertThat(MeanCosine.ofSame(one, other)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-9));
      assertThat(MeanCosine.ofDifferent(one, other)).isCloseTo(Math.sqrt(0.5) / 2, within(1e-9));
    }
  }

  @Test
  void rowsOfOneSpaceAreComparedWithoutThemselves() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray rows = manager.create(new float[][] {{1, 0}, {0, 2}, {-1, 0}});

      // Pairs: 0, -1 and 0, each twice.
      assertThat(MeanCosine.ofDifferent(rows, rows)).isCloseTo(-1.0 / 3, within(1e-9));
    }
  }
}
