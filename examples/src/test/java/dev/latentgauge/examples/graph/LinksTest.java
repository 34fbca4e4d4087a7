package dev.latentgauge.examples.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.data.Cora;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three papers in a row, and one that no other cites. */
class LinksTest {

  private static final Cora PAPERS =
      new Cora(
          Collections.nCopies(4, List.of(0)),
          Collections.nCopies(4, 0),
          List.of(new Cora.Citation(0, 1), new Cora.Citation(1, 2)),
          Collections.nCopies(4, Cora.Part.NONE));

  @Test
  void neighboursAreAddedUp() {
    assertLinks(Links.SUM, new double[] {0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  }

  @Test
  void averagesAreSeenFromBothEnds() {
    // The paper in the middle has two neighbours, the others one: 1 / sqrt(1 * 2).
    double a = 1 / Math.sqrt(2);
    assertLinks(Links.AVERAGE, new double[] {0, a, 0, 0, a, 0, a, 0, 0, a, 0, 0, 0, 0, 0, 0});
  }

  @Test
  void aPaperCanBeItsOwnNeighbour() {
    // With itself the paper in the middle has three neighbours, those beside it two.
    double a = 1 / Math.sqrt(6);
    double end = 1 / 2.0;
    double middle = 1 / 3.0;
    assertLinks(
        Links.AVERAGE_WITH_SELF,
        new double[] {end, a, 0, 0, a, middle, a, 0, 0, a, end, 0, 0, 0, 0, 1});
  }

  private static void assertLinks(Links links, double[] expected) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = links.of(PAPERS, manager);
      assertThat(array.isSparse()).isTrue();
      assertThat(array.getShape()).isEqualTo(new Shape(4, 4));
      float[] values = array.toDense().toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) values[i]).as("place %d", i).isEqualTo(expected[i], within(1e-6));
      }
    }
  }
}
