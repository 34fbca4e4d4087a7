package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.training.dataset.ArrayDataset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The model embeds every input as itself, so that inputs are points that a test can place. Data are
 * so few that every input that is no probe is a candidate, unless a test says otherwise.
 */
class AnchorSelectionTest {

  private static final Layer ITSELF =
      Layer.computed("itself", (block, parameters, inputs) -> inputs.head().mul(1));
  private static final AnchorSelection UNIFORM = new AnchorSelection.Uniform();
  private static final int PROBES = 3;

  private final NDManager manager = NDManager.newBaseManager();
  private final Model model = Model.newInstance("itself");

  /** The selections that look at embeddings. */
  private enum Way {
    FARTHEST_POINT,
    K_MEANS;

    AnchorSelection with(Model model, Layer layer) {
      return this == K_MEANS
          ? new AnchorSelection.KMeans(model, layer, 20)
          : new AnchorSelection.FarthestPoint(model, layer);
    }
  }

  @BeforeEach
  void initialize() {
    model.setBlock(Blocks.identityBlock());
  }

  @AfterEach
  void close() {
    model.close();
    manager.close();
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theFarthestPointIsFartherFromTheAnchorsBeforeItThanAllOthers(long seed) {
    List<double[]> points = gaussian(60, 5, seed);
    try (ProbeSet set = sample(points, 12, seed, Way.FARTHEST_POINT)) {
      List<double[]> anchors = points(set.anchors());
      List<double[]> candidates = candidates(points, set);
      assertThat(candidates).hasSize(57);
      for (int i = 1; i < anchors.size(); i++) {
        List<double[]> before = anchors.subList(0, i);
        double largest =
            candidates.stream().mapToDouble(point -> distance(point, before)).max().orElseThrow();
        assertThat(distance(anchors.get(i), before)).isCloseTo(largest, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void lengthsDoNotCount(Way way) {
    // By Euclidean distance the one far from all is (900, 0); by direction it is (0, 0.01).
    List<double[]> points =
        IntStream.range(0, 9)
            .mapToObj(i -> i == 0 ? new double[] {0, 0.01} : new double[] {1 + i * i * 14, 0})
            .toList();
    int compared = 0;
    for (long seed = 0; seed < 20; seed++) {
      try (ProbeSet set = sample(points, 2, seed, way)) {
        if (axes(candidates(points, set)).size() == 2) {
          assertThat(axes(points(set.anchors()))).hasSize(2);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyClusterGetsAnAnchorWhereUniformOnesCrowdInTheLargest(long seed) {
    List<double[]> points = clusters(seed, 40, 3, 3, 3, 3, 3, 3, 3);
    try (ProbeSet means = sample(points, 8, seed, Way.K_MEANS);
        ProbeSet farthest = sample(points, 8, seed, Way.FARTHEST_POINT);
        ProbeSet uniform = ProbeSet.sample(dataset(points), 8, PROBES, seed, UNIFORM)) {
      List<Integer> all = axes(candidates(points, means));
      assertThat(axes(points(means.anchors()))).isEqualTo(all);
      assertThat(axes(points(farthest.anchors()))).isEqualTo(all);
      assertThat(axes(points(uniform.anchors()))).isNotEqualTo(all);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void candidatesAreNearerToKMeansAnchorsThanToUniformOnes(long seed) {
    List<double[]> points = gaussian(80, 4, seed);
    try (ProbeSet means = sample(points, 10, seed, Way.K_MEANS);
        ProbeSet uniform = ProbeSet.sample(dataset(points), 10, PROBES, seed, UNIFORM)) {
      List<double[]> candidates = candidates(points, means);
      assertThat(inertia(candidates, points(means.anchors())))
          .isLessThanOrEqualTo(inertia(candidates, points(uniform.anchors())));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aKMeansAnchorIsTheOneInTheMiddleOfItsCluster(long seed) {
    // Two fans of seven directions, 3 degrees apart, of which three are probes.
    List<double[]> points =
        IntStream.range(0, 14)
            .mapToDouble(i -> Math.toRadians(i < 7 ? 3 * i : 120 + 3 * i))
            .mapToObj(angle -> new double[] {Math.cos(angle), Math.sin(angle)})
            .toList();
    try (ProbeSet set = sample(points, 2, seed, Way.K_MEANS)) {
      List<double[]> anchors = points(set.anchors());
      assertThat(anchors.get(0)[0] * anchors.get(1)[0]).isNegative();
      for (double[] anchor : anchors) {
        List<double[]> fan =
            candidates(points, set).stream().filter(p -> p[0] * anchor[0] > 0).toList();
        double nearest = fan.stream().mapToDouble(p -> squared(p, mean(fan))).min().orElseThrow();
        assertThat(squared(anchor, mean(fan))).isCloseTo(nearest, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProbesAreTheSameForEverySelection(Way way) {
    List<double[]> points = gaussian(100, 3, 1);
    try (ProbeSet set = sample(points, 6, 5, way);
        ProbeSet uniform = ProbeSet.sample(dataset(points), 6, PROBES, 5)) {
      assertThat(set.probes()).isEqualTo(uniform.probes());
      assertThat(set.anchors()).isNotEqualTo(uniform.anchors());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedChoosesTheSameAnchorsAndAnotherSeedOthers(Way way) {
    List<double[]> points = gaussian(100, 3, 1);
    try (ProbeSet first = sample(points, 6, 5, way);
        ProbeSet again = sample(points, 6, 5, way);
        ProbeSet other = sample(points, 6, 6, way)) {
      assertThat(first.fingerprint()).isEqualTo(again.fingerprint());
      assertThat(first.fingerprint()).isNotEqualTo(other.fingerprint());
    }
  }

  @ParameterizedTest
  @EnumSource
  void thereAreEightCandidatesAnAnchor(Way way) {
    Layer counted =
        Layer.computed(
            "counted",
            (block, parameters, inputs) -> {
              assertThat(inputs.head().getShape()).isEqualTo(new Shape(32, 3));
              return inputs.head().mul(1);
            });
    ProbeSet.sample(dataset(gaussian(200, 3, 1)), 4, PROBES, 1, way.with(model, counted)).close();
  }

  @ParameterizedTest
  @EnumSource
  void anEmbeddingWithoutADirectionIsNeverAnAnchor(Way way) {
    List<double[]> points = gaussian(30, 3, 1);
    points.get(4)[0] = Double.NaN;
    points.get(7)[1] = Double.POSITIVE_INFINITY;
    Arrays.fill(points.get(11), 0);
    for (long seed = 0; seed < 10; seed++) {
      try (ProbeSet set = sample(points, 24, seed, way)) {
        assertThat(points(set.anchors()))
            .hasSize(24)
            .allMatch(p -> Double.isFinite(p[0]) && Double.isFinite(p[1]) && p[0] != 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tooFewDirectionsAreRefused(Way way) {
    Layer dead = Layer.computed("dead", (block, parameters, inputs) -> inputs.head().mul(0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ProbeSet.sample(dataset(gaussian(50, 3, 1)), 4, PROBES, 1, way.with(model, dead)))
        .withMessage(
            "the layer dead must give at least 4 of the 32 candidates an embedding that is finite"
                + " and not zero, but gives it to 0");
  }

  @ParameterizedTest
  @EnumSource
  void ofEqualDirectionsOneIsChosenFirstAndTheRestAreDifferentInputs(Way way) {
    // Three directions of ten inputs each.
    List<double[]> points =
        IntStream.range(0, 30)
            .mapToObj(i -> IntStream.range(0, 3).mapToDouble(j -> i % 3 == j ? 1 + i : 0).toArray())
            .toList();
    for (long seed = 0; seed < 10; seed++) {
      try (ProbeSet set = sample(points, 5, seed, way)) {
        List<double[]> anchors = points(set.anchors());
        assertThat(axes(anchors)).containsExactly(0, 1, 2);
        assertThat(anchors.stream().map(Arrays::toString)).hasSize(5).doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereThereIsNothingToChooseEveryCandidateIsAnAnchor(Way way) {
    List<double[]> points = gaussian(9, 3, 1);
    try (ProbeSet set = sample(points, 6, 5, way)) {
      assertThat(points(set.anchors()))
          .containsExactlyInAnyOrderElementsOf(candidates(points, set));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nodesAreSelectedByTheirEmbeddingToo(Way way) {
    List<double[]> points = clusters(3, 20, 4, 4, 4);
    NDList graph = new NDList(array(points), manager.ones(new Shape(2, 7)));
    try (ProbeSet set = ProbeSet.sampleRows(graph, 32, 4, PROBES, 8, way.with(model, ITSELF));
        ProbeSet uniform = ProbeSet.sampleRows(graph, 32, 4, PROBES, 8)) {
      assertThat(set.inputs().probeRows()).isEqualTo(uniform.inputs().probeRows());
      int[] rows = set.inputs().anchorRows();
      assertThat(axes(Arrays.stream(rows).mapToObj(points::get).toList()))
          .containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void anInputOfSeveralArraysIsEmbeddedWithAllOfThem() {
    List<double[]> points = clusters(1, 16, 2);
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(manager.arange(18).reshape(18, 1), array(points))
            .setSampling(4, false)
            .build();
    Layer second = Layer.computed("second", (block, parameters, in) -> in.get(1).mul(1));
    AnchorSelection farthest = new AnchorSelection.FarthestPoint(model, second);
    try (ProbeSet set = ProbeSet.sample(dataset, 2, PROBES, 1, farthest)) {
      assertThat(axes(points(new NDList(set.anchors().get(1))))).containsExactly(0, 1);
    }
  }

  @Test
  void kMeansNeedsAnIteration() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnchorSelection.KMeans(model, ITSELF, 0))
        .withMessage("k-means must have at least 1 iteration, but is given 0");
  }

  private ProbeSet sample(List<double[]> points, int anchors, long seed, Way way) {
    return ProbeSet.sample(dataset(points), anchors, PROBES, seed, way.with(model, ITSELF));
  }

  private ArrayDataset dataset(List<double[]> points) {
    return new ArrayDataset.Builder().setData(array(points)).setSampling(4, false).build();
  }

  private NDArray array(List<double[]> points) {
    float[][] numbers = new float[points.size()][points.get(0).length];
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < numbers[i].length; j++) {
        numbers[i][j] = (float) points.get(i)[j];
      }
    }
    return manager.create(numbers);
  }

  private static List<double[]> points(NDList inputs) {
    int columns = (int) inputs.head().getShape().get(1);
    float[] numbers = inputs.head().toFloatArray();
    return IntStream.range(0, numbers.length / columns)
        .mapToObj(
            i -> IntStream.range(0, columns).mapToDouble(j -> numbers[i * columns + j]).toArray())
        .toList();
  }

  /** Numbers that float32 can hold. */
  private static List<double[]> gaussian(int rows, int columns, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, rows)
        .mapToObj(
            i ->
                IntStream.range(0, columns)
                    .mapToDouble(j -> (float) random.nextGaussian())
                    .toArray())
        .toList();
  }

  /** Clusters of given sizes, one around each axis. */
  private static List<double[]> clusters(long seed, int... sizes) {
    Random random = new Random(seed);
    return IntStream.range(0, sizes.length)
        .boxed()
        .flatMap(axis -> IntStream.range(0, sizes[axis]).mapToObj(i -> axis))
        .map(
            axis ->
                IntStream.range(0, sizes.length)
                    .mapToDouble(
                        j -> (float) ((j == axis ? 1 : 0) + 0.0001 * random.nextGaussian()))
                    .toArray())
        .toList();
  }

  /** The axes that points are around, in order. */
  private static List<Integer> axes(Collection<double[]> points) {
    return points.stream()
        .map(p -> IntStream.range(0, p.length).reduce(0, (a, b) -> p[b] > p[a] ? b : a))
        .distinct()
        .sorted()
        .toList();
  }

  private static List<double[]> candidates(List<double[]> points, ProbeSet set) {
    List<double[]> probes = points(set.probes());
    return points.stream()
        .map(p -> Arrays.stream(p).map(x -> (float) x).toArray())
        .filter(p -> probes.stream().noneMatch(probe -> Arrays.equals(probe, p)))
        .toList();
  }

  /** How far a direction is from the nearest of others: 2 - 2 cos of their angle. */
  private static double distance(double[] point, List<double[]> others) {
    return 2 - 2 * others.stream().mapToDouble(o -> cosine(point, o)).max().orElseThrow();
  }

  private static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static double inertia(List<double[]> points, List<double[]> anchors) {
    return points.stream().mapToDouble(point -> distance(point, anchors)).sum();
  }

  private static double[] mean(List<double[]> points) {
    return IntStream.range(0, points.get(0).length)
        .mapToDouble(j -> points.stream().mapToDouble(p -> p[j]).average().orElseThrow())
        .toArray();
  }

  private static double squared(double[] a, double[] b) {
    return dot(a, a) - 2 * dot(a, b) + dot(b, b);
  }
}
