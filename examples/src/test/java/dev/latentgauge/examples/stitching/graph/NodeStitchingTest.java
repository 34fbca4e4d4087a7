package dev.latentgauge.examples.stitching.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two networks that know the topics of six papers, in spaces a quarter turn apart. */
class NodeStitchingTest {

  private static final Member ONE = new Member("GCN", 1);
  private static final Member OTHER = new Member("GIN", 1);

  /** The last three papers are tested, of the topics 0, 1 and 2; the first three are anchors. */
  private static final Split SPLIT =
      new Split(
          Map.of(0, 0, 1, 1, 2, 2),
          Map.of(),
          new TreeMap<>(Map.of(3, 0, 4, 1, 5, 2)),
          List.of(0, 1, 2));

  private final NDManager manager = NDManager.newBaseManager();
  private List<Trained> trained = List.of();

  @BeforeEach
  void make() {
    NDArray embeddings =
        manager.create(new float[][] {{4, 0}, {0, 4}, {-4, -4}, {3, 1}, {1, 3}, {-3, -2}});
    // Each topic's row points to where its papers are; the other topics never win.
    float[][] directions = {{1, 0}, {0, 1}, {-1, -1}, {0, 0}, {0, 0}, {0, 0}, {0, 0}};
    NDArray weight = manager.create(directions);
    NDArray bias = manager.create(new float[] {0, 0, 0, -9, -9, -9, -9});
    NDArray turn = manager.create(new float[][] {{0, 1}, {-1, 0}});
    NDArray turned = embeddings.matMul(turn);
    trained =
        List.of(
            new Trained(ONE, 5, embeddings, embeddings, weight, bias),
            new Trained(OTHER, 7, turned, turned, weight.matMul(turn), bias));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aHeadIsRightBehindItsOwnEncoderAndLostInATurnedSpace() {
    List<Result> results = new NodeStitching(SPLIT).results(Representation.ABSOLUTE, trained);
    assertThat(value(results, "absolute", ONE, ONE, NodeStitching.ACCURACY)).isEqualTo(1);
    assertThat(value(results, "absolute", OTHER, OTHER, NodeStitching.ACCURACY)).isEqualTo(1);
    // Turned, (3, 1), (1, 3) and (-3, -2) are (-1, 3), (-3, 1) and (2, -3): topics 1, 2 and 0.
    assertThat(value(results, "absolute", OTHER, ONE, NodeStitching.ACCURACY)).isZero();
    assertThat(value(results, "absolute", ONE, ONE, NodeStitching.EPOCH)).isEqualTo(5);
  }

  @Test
  void translationsTurnItBack() {
    List<Result> results = new NodeStitching(SPLIT).translated(trained);
    for (String map : List.of(Alignment.ORTHOGONAL.title(), Alignment.LEAST_SQUARES.title())) {
      for (Member encoder : List.of(ONE, OTHER)) {
        for (Member head : List.of(ONE, OTHER)) {
          assertThat(value(results, map, encoder, head, NodeStitching.ACCURACY))
              .as("%s, %s, %s", map, encoder, head)
              .isEqualTo(1);
        }
      }
    }
  }

  @Test
  void nothingIsLeftBehind() {
    int before = manager.getManagedArrays().size();
    new NodeStitching(SPLIT).results(Representation.ABSOLUTE, trained);
    new NodeStitching(SPLIT).translated(trained);
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  private static double value(
      List<Result> results, String representation, Member encoder, Member head, String measure) {
    return results.stream()
        .filter(result -> result.representation().equals(representation))
        .filter(result -> result.encoder().equals(encoder) && result.head().equals(head))
        .filter(result -> result.measure().equals(measure))
        .mapToDouble(Result::value)
        .findFirst()
        .orElseThrow();
  }
}
