package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A graph: six nodes in a ring, with two features each, of which nodes 1 and 4 have the same. */
class RowsOfInputTest {

  private static final float[] FEATURES = {1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 11, 12};

  /** Each node has the features of the next and of the one before it, added. */
  private static final float[][] NEIGHBOURS = {
    {14, 16}, {6, 8}, {10, 12}, {8, 10}, {18, 20}, {4, 6}
  };

  private static final int[] ANCHORS = {4, 0};
  private static final int[] PROBES = {5, 1, 2};
  private static final Layer LAYER = Layer.named("01LambdaBlock");

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray features = manager.create(FEATURES, new Shape(6, 2));
  private final AtomicInteger passes = new AtomicInteger();

  /** Takes features and a matrix of edges. */
  private final Block dense = network(in -> in.get(1).matMul(in.get(0)));

  /** Takes a list of edges and features. */
  private final Block listed =
      network(
          in -> {
            NDArray from = in.get(1).get(in.get(0).get(0));
            return sums(from, in.get(0).get(1));
          });

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void anchorsAndProbesAreRowsOfTheWholeOutput() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, edges()), ANCHORS, PROBES)) {
      assertNeighbours(graph, dense);
      assertThat(passes).hasValue(1);
      assertThat(graph.anchorCount()).isEqualTo(2);
      assertThat(graph.probeCount()).isEqualTo(3);
    }
  }

  @Test
  void edgesMayBeAList() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(edgeList(), features), ANCHORS, PROBES)) {
      assertNeighbours(graph, listed);
    }
  }

  @Test
  void edgesMayBeSparse() {
    NDArray sparse = edges().toSparse(SparseFormat.COO);
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, sparse), ANCHORS, PROBES)) {
      assertNeighbours(graph, network(in -> sparseProduct(in.get(1), in.get(0))));
    }
  }

  @Test
  void nodesAreToldApartByTheirNumbersAndNotByTheirFeatures() {
    assertThat(features.get(1)).isEqualTo(features.get(4));
    ProbeSet.rows(new NDList(features), new int[] {1}, new int[] {4, 0, 2}).close();
  }

  @Test
  void leavesNothingBehindButTheEmbeddings() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, edges()), ANCHORS, PROBES);
        NDManager target = manager.newSubManager();
        NDManager home = manager.newSubManager();
        Embedder embedder = new Embedder(graph, LAYER, home)) {
      embedder.embed(dense, target);
      int before = home.getManagedArrays().size();
      for (int i = 0; i < 4; i++) {
        embedder.embed(dense, target);
      }
      assertThat(target.getManagedArrays()).hasSize(10);
      assertThat(home.getManagedArrays()).hasSize(before);
      assertThat(passes).hasValue(5);
    }
  }

  @Test
  void anInputIsThereAgainWhenAPassFails() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, edges()), ANCHORS, PROBES);
        Embedder embedder = new Embedder(graph, LAYER, manager)) {
      assertThatIllegalArgumentException().isThrownBy(() -> embedder.embed(tooFew(), manager));
      Embeddings embeddings = embedder.embed(dense, manager);
      assertThat(embeddings.anchors().toFloatArray()).containsExactly(18, 20, 14, 16);
    }
  }

  @Test
  void anOutputWithoutTheRowsIsRefused() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, edges()), ANCHORS, PROBES);
        Embedder embedder = new Embedder(graph, LAYER, manager)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> embedder.embed(tooFew(), manager))
          .withMessage(
              "the layer 01LambdaBlock must answer every row that is an anchor or a probe, up to"
                  + " row 5, but answers (5, 2)");
    }
  }

  @Test
  void rowsThatMakeNoProbeSetAreRefused() {
    assertRefused(
        new int[] {7, 3},
        new int[] {1, 2, 3},
        "anchors and probes must be different inputs, but probe 2 is also anchor 1, since both are"
            + " row 3");
    assertRefused(
        new int[] {7},
        new int[] {1, 2, 1},
        "anchors and probes must be different inputs, but probe 2 is also probe 0, since both are"
            + " row 1");
    assertRefused(
        new int[] {7, 7},
        new int[] {1, 2, 3},
        "anchors and probes must be different inputs, but anchor 1 is also anchor 0, since both are"
            + " row 7");
    assertRefused(
        new int[] {7}, new int[] {1, -2, 3}, "rows are counted from 0, but probe 1 is row -2");
    assertRefused(
        new int[] {-1}, new int[] {1, 2, 3}, "rows are counted from 0, but anchor 0 is row -1");
  }

  @Test
  void anInputWithoutNumbersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.rows(new NDList(), ANCHORS, PROBES))
        .withMessage("the input must have at least one array, but has none");
    NDList noEdges = new NDList(features, manager.create(new Shape(2, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.rows(noEdges, ANCHORS, PROBES))
        .withMessage(
            "every array of the input must have at least one number, but array 1 has shape (2, 0)");
  }

  @Test
  void theFingerprintCoversInputAndRows() {
    NDList input = new NDList(features, edges());
    NDList other = new NDList(features.add(1), edges());
    assertThat(
            List.of(
                fingerprint(input, ANCHORS, PROBES),
                fingerprint(other, ANCHORS, PROBES),
                fingerprint(new NDList(features), ANCHORS, PROBES),
                fingerprint(input, new int[] {0, 4}, PROBES),
                fingerprint(input, ANCHORS, new int[] {5, 1, 3}),
                fingerprint(input, new int[] {4}, new int[] {0, 5, 1, 2})))
        .doesNotHaveDuplicates();
    assertThat(fingerprint(input, ANCHORS, PROBES))
        .isEqualTo(fingerprint(new NDList(features.duplicate(), edges()), ANCHORS, PROBES));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itsArraysMakeItAgain(boolean sparse) {
    NDArray edges = sparse ? edges().toSparse(SparseFormat.COO) : edges();
    try (ProbeSet graph = ProbeSet.rows(new NDList(features, edges), ANCHORS, PROBES)) {
      assertThat(graph.arrays())
          .containsOnlyKeys(
              "input.0", sparse ? "sparse_input.1" : "input.1", "anchor_rows", "probe_rows");
      assertThat(graph.arrays().values()).noneMatch(NDArray::isSparse);
      try (ProbeSet again = ProbeSet.ofArrays(graph.arrays())) {
        assertThat(again.fingerprint()).isEqualTo(graph.fingerprint());
        assertThat(again.arrays()).containsOnlyKeys(graph.arrays().keySet());
        assertNeighbours(
            again, sparse ? network(in -> sparseProduct(in.get(1), in.get(0))) : dense);
      }
    }
  }

  @Test
  void arraysThatMakeNoProbeSetAreRefused() {
    NDArray rows = manager.create(new long[] {1, 2, 3});
    Map<String, NDArray> arrays = new HashMap<>();
    arrays.put("input.0", features);
    arrays.put("probe_rows", rows);
    assertArraysRefused(arrays, "the array anchor_rows must be a vector of int64, but is absent");
    arrays.put("anchor_rows", rows.toType(DataType.FLOAT32, true));
    assertArraysRefused(
        arrays, "the array anchor_rows must be a vector of int64, but is float32(3)");
    arrays.put("anchor_rows", manager.create(new long[] {1L << 31}));
    assertArraysRefused(
        arrays, "the array anchor_rows must have numbers from 0 to 2147483647, but has 2147483648");
    arrays.put("anchor_rows", manager.create(new long[] {2}));
    assertArraysRefused(
        arrays,
        "anchors and probes must be different inputs, but probe 1 is also anchor 0, since both are"
            + " row 2");
    arrays.put("sparse_input.0", features);
    assertArraysRefused(
        arrays,
        "the arrays of a probe set must be numbered from 0 without gaps, but are [input.0,"
            + " sparse_input.0]");
  }

  @Test
  void aGraphHasNoInputsOfAnchorsAlone() {
    try (ProbeSet graph = ProbeSet.rows(new NDList(features), ANCHORS, PROBES)) {
      assertThatIllegalStateException().isThrownBy(graph::anchors);
      assertThatIllegalStateException().isThrownBy(graph::probes);
    }
  }

  @Test
  void theSameSeedDrawsTheSameRowsAndAnotherSeedOthers() {
    NDList input = new NDList(features);
    try (ProbeSet first = ProbeSet.sampleRows(input, 1_000, 20, 80, 1);
        ProbeSet again = ProbeSet.sampleRows(input, 1_000, 20, 80, 1);
        ProbeSet other = ProbeSet.sampleRows(input, 1_000, 20, 80, 2)) {
      assertThat(first.fingerprint()).isEqualTo(again.fingerprint());
      assertThat(first.fingerprint()).isNotEqualTo(other.fingerprint());
      assertThat(rows(first)).hasSize(100).doesNotHaveDuplicates().allMatch(row -> row < 1_000);
    }
  }

  @Test
  void everyRowCanBeDrawnAndNoneTwice() {
    try (ProbeSet all = ProbeSet.sampleRows(new NDList(features), 6, 2, 4, 1)) {
      assertThat(rows(all)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.sampleRows(new NDList(features), 6, 2, 5, 1))
        .withMessage("there must be at least 7 rows (anchors and probes), but are 6");
  }

  private void assertNeighbours(ProbeSet graph, Block block) {
    try (Embedder embedder = new Embedder(graph, LAYER, manager)) {
      Embeddings embeddings = embedder.embed(block, manager);
      assertThat(embeddings.anchors().toFloatArray()).isEqualTo(expected(ANCHORS));
      assertThat(embeddings.probes().toFloatArray()).isEqualTo(expected(PROBES));
    }
  }

  private static float[] expected(int[] rows) {
    float[] expected = new float[2 * rows.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = NEIGHBOURS[rows[i / 2]][i % 2];
    }
    return expected;
  }

  @Test
  void aSparseInputThatWouldGrowBeyondMeasureIsRefused() {
    NDArray rows = manager.create(new long[] {0});
    NDArray more = manager.create(new long[] {1, 2, 3});
    NDArray full = manager.ones(new Shape(512, 512), DataType.FLOAT32);
    ProbeSet.ofArrays(Map.of("sparse_input.0", full, "anchor_rows", rows, "probe_rows", more))
        .close();
    NDArray bomb = manager.ones(new Shape(64, 4, 4, 4, 4, 4, 4), DataType.INT8);
    assertArraysRefused(
        Map.of("sparse_input.0", bomb, "anchor_rows", rows, "probe_rows", more),
        "a sparse input must be sparse, but 262144 numbers of int8(64, 4, 4, 4, 4, 4, 4) are not"
            + " zero");
  }

  private static List<Long> rows(ProbeSet set) {
    return Stream.of("anchor_rows", "probe_rows")
        .map(name -> set.arrays().get(name))
        .flatMap(rows -> Arrays.stream(rows.toLongArray()).boxed())
        .toList();
  }

  private static String fingerprint(NDList input, int[] anchors, int[] probes) {
    try (ProbeSet set = ProbeSet.rows(input, anchors, probes)) {
      return set.fingerprint();
    }
  }

  private void assertRefused(int[] anchors, int[] probes, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.rows(new NDList(features), anchors, probes))
        .withMessage(message);
  }

  private static void assertArraysRefused(Map<String, NDArray> arrays, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProbeSet.ofArrays(arrays))
        .withMessage(message);
  }

  /** A network of one layer, followed by one that must not be run. */
  private Block network(Function<NDList, NDArray> layer) {
    return new SequentialBlock()
        .add(
            new LambdaBlock(
                in -> {
                  passes.incrementAndGet();
                  return new NDList(layer.apply(in));
                }))
        .add(
            new LambdaBlock(
                in -> {
                  throw new AssertionError("the pass must end at the layer");
                }));
  }

  private Block tooFew() {
    return network(in -> in.get(0).get(":5"));
  }

  private static NDArray sparseProduct(NDArray sparse, NDArray dense) {
    assertThat(sparse.isSparse()).isTrue();
    return sparse.matMul(dense);
  }

  private static NDArray sums(NDArray rows, NDArray nodes) {
    NDArray sums = rows.getManager().zeros(new Shape(6, 2));
    for (int edge = 0; edge < rows.getShape().get(0); edge++) {
      sums.get(nodes.getLong(edge)).addi(rows.get(edge));
    }
    return sums;
  }

  private NDArray edges() {
    float[] matrix = new float[36];
    for (int i = 0; i < 6; i++) {
      matrix[6 * i + (i + 1) % 6] = 1;
      matrix[6 * ((i + 1) % 6) + i] = 1;
    }
    return manager.create(matrix, new Shape(6, 6));
  }

  /** The nodes where edges start and, in the second row, where they end. */
  private NDArray edgeList() {
    return manager.create(
        new long[] {0, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 0, 1, 2, 3, 4, 5},
        new Shape(2, 12));
  }
}
