package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProfilePlaneTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Seeds
  void theAxesExplainWhatTheLargestEigenvaluesDo(long seed) {
    double[][] first = cosines(seed);
    double[][] second = cosines(seed + 1000);
    ProfilePlane plane = ProfilePlane.of(float32(first), float32(second), new Profile.Soft(0.1));
    double[][] pooled =
        Stream.of(first, second)
            .map(run -> Oracle.profiles(new Profile.Soft(0.1), run))
            .flatMap(Arrays::stream)
            .toArray(double[][]::new);
    double[] eigenvalues = Oracle.eigenvaluesOfCovariance(pooled);
    Arrays.sort(eigenvalues);
    double sum = Arrays.stream(eigenvalues).sum();
    int last = eigenvalues.length - 1;
    assertThat(plane.explained()[0]).isEqualTo(eigenvalues[last] / sum, within(1e-5));
    assertThat(plane.explained()[1]).isEqualTo(eigenvalues[last - 1] / sum, within(1e-5));
    double sumOfFirst = 0;
    double product = 0;
    for (int run = 0; run < 2; run++) {
      for (double[] point : plane.points(run)) {
        sumOfFirst += point[0];
        product += point[0] * point[1];
      }
    }
    assertThat(sumOfFirst).isEqualTo(0, within(1e-4));
    assertThat(product / 120 / eigenvalues[last]).isEqualTo(0, within(1e-4));
  }

  @Test
  void pointsThatLieInAPlaneKeepTheirDistances() {
    // With the cosine profile, three directions a right angle apart, of which one is far from both.
    NDArray run = manager.create(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1}, new Shape(4, 3));
    ProfilePlane plane = ProfilePlane.of(run, run, new Profile.Cosine());
    assertThat(plane.explained()[0] + plane.explained()[1]).isEqualTo(1, within(1e-9));
    double[][] points = plane.points(0);
    assertThat(distance(points[0], points[1])).isEqualTo(Math.sqrt(2), within(1e-6));
    assertThat(distance(points[0], points[2])).isEqualTo(Math.sqrt(2), within(1e-6));
    assertThat(distance(points[2], points[3])).isEqualTo(0, within(1e-6));
    assertThat(plane.points(1)).isDeepEqualTo(points);
  }

  @Test
  void whichRunIsFirstDoesNotMoveTheAxes() {
    NDArray first = float32(cosines(1));
    NDArray second = float32(cosines(2));
    ProfilePlane plane = ProfilePlane.of(first, second, Profile.defaultProfile());
    ProfilePlane swapped = ProfilePlane.of(second, first, Profile.defaultProfile());
    for (int i = 0; i < 60; i++) {
      assertThat(swapped.points(1)[i]).containsExactly(plane.points(0)[i], within(1e-4));
    }
    assertThat(ProfilePlane.of(first, second, Profile.defaultProfile()).points(0))
        .isDeepEqualTo(plane.points(0));
  }

  @Test
  void collapsedRunsAreOnePoint() {
    NDArray collapsed = manager.full(new Shape(5, 3), 0.5f);
    ProfilePlane plane = ProfilePlane.of(collapsed, collapsed, new Profile.Soft(0.1));
    assertThat(plane.explained()).containsExactly(0, 0);
    assertThat(plane.points(0)).isDeepEqualTo(new double[5][2]);
  }

  @Test
  void aPictureHasNoMorePointsThanAreWanted() {
    NDArray first =
        Spaces.float32(
            manager, Oracle.cosines(new Spaces(1).gaussian(8, 5), new Spaces(2).gaussian(50, 5)));
    ProfilePlane all = ProfilePlane.of(first, first, new Profile.Cosine());
    assertThat(all.every()).isEqualTo(1);
    assertThat(all.thinned(50).points(1)).isEqualTo(all.points(1));
    ProfilePlane some = all.thinned(20);
    assertThat(some.every()).isEqualTo(3);
    assertThat(some.explained()).isEqualTo(all.explained());
    assertThat(some.points(1)).hasDimensions(17, 2);
    assertThat(some.points(1)[16]).isEqualTo(all.points(1)[48]);
    assertThat(some.thinned(10).every()).isEqualTo(6);
  }

  @Test
  void runsMustBeOfOneShapeAndFinite() {
    NDArray run = float32(cosines(1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ProfilePlane.of(run, manager.zeros(new Shape(60, 7)), new Profile.Cosine()))
        .withMessageContaining("the shapes (60, 8) and (60, 7)");
    NDArray broken = manager.full(new Shape(60, 8), Float.NaN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfilePlane.of(run, broken, new Profile.Cosine()))
        .withMessageContaining("finite");
  }

  private static double distance(double[] a, double[] b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }

  private static double[][] cosines(long seed) {
    Spaces spaces = new Spaces(seed);
    double[][] space = spaces.clustered(68, 5, 4, 0.4);
    return Oracle.cosines(Arrays.copyOf(space, 8), Arrays.copyOfRange(space, 8, 68));
  }

  private NDArray float32(double[][] rows) {
    return Spaces.float32(manager, rows);
  }
}
