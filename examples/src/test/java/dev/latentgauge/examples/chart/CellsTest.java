package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellsTest {

  @Test
  void rowsAreBalanced() {
    assertThat(IntStream.rangeClosed(0, 9).map(panels -> Cells.balanced(panels, 4)))
        .containsExactly(1, 1, 2, 3, 4, 3, 3, 4, 4, 3);
  }

  @Test
  void cellsFillTheWidthWithAGapBetweenThem() {
    Cells cells = new Cells(3, 100, 340, 30);

    // 240 less two gaps of 30 leaves 180 for three.
    assertThat(cells.width()).isCloseTo(60, within(1e-9));
    assertThat(IntStream.range(0, 4).mapToDouble(cells::leftOf))
        .containsExactly(100.0, 190.0, 280.0, 100.0);
    assertThat(IntStream.range(0, 4).map(cells::row)).containsExactly(0, 0, 0, 1);
    assertThat(cells.isFirstOfRow(3)).isTrue();
    assertThat(cells.isFirstOfRow(2)).isFalse();
    assertThat(cells.rows(4)).isEqualTo(2);
  }
}
