package dev.latentgauge.examples.stitching.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result.Kin;
import dev.latentgauge.examples.stitching.Results;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final int ANCHORS = 12;
  private static final int PROBES = 100;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray anchors = random(ANCHORS, 1);
  private final NDArray probes = random(PROBES, 2);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aTurnedAndScaledSpaceDiffersAsItIsAndIsTheSameOnceTurnedBackOrRelative() {
    NDArray turn = manager.create(new float[] {0, 2, -2, 0}, new Shape(2, 2));
    Results results = compare(anchors.matMul(turn), probes.matMul(turn));

    assertThat(mean(results, Representation.ABSOLUTE, Agreement.RESIDUAL)).isGreaterThan(1);
    // A right angle.
    assertThat(mean(results, Representation.ABSOLUTE, Agreement.COSINE)).isCloseTo(0, within(1e-5));
    assertThat(mean(results, Representation.ABSOLUTE, Agreement.RESIDUAL_ROTATED))
        .isCloseTo(0, within(1e-9));
    for (Representation relative : List.of(Representation.RELATIVE, Representation.CENTRED)) {
      assertThat(mean(results, relative, Agreement.RESIDUAL)).isCloseTo(0, within(1e-9));
      assertThat(mean(results, relative, Agreement.COSINE)).isCloseTo(1, within(1e-5));
      assertThat(mean(results, relative, Agreement.SCORE)).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void aShiftedSpaceIsTheSameOnlyIfCentred() {
    NDArray shift = manager.create(new float[] {5, -3});
    Results results = compare(anchors.add(shift), probes.add(shift));

    assertThat(mean(results, Representation.CENTRED, Agreement.RESIDUAL))
        .isCloseTo(0, within(1e-6));
    assertThat(mean(results, Representation.RELATIVE, Agreement.RESIDUAL)).isGreaterThan(0.1);
  }

  @Test
  void aStretchedSpaceIsTheSameOnlyAfterAnAffineMap() {
    NDArray stretch = manager.create(new float[] {1, 0, 0, 3}, new Shape(2, 2));
    Results results = compare(anchors.matMul(stretch), probes.matMul(stretch));

    assertThat(mean(results, Representation.ABSOLUTE, Agreement.RESIDUAL_ROTATED))
        .isGreaterThan(0.1);
    assertThat(mean(results, Representation.ABSOLUTE, Agreement.RESIDUAL_AFFINE))
        .isCloseTo(0, within(1e-5));
  }

  @Test
  void theResidualIsTheSquaredDifferenceOverTheVariance() {
    NDArray wanted = manager.create(new float[] {0, 0, 4, 0}, new Shape(2, 2));
    NDArray there = manager.create(new float[] {1, 1, 4, 0}, new Shape(2, 2));

    // 1 + 1, over 2² + 2² around the mean (2, 0).
    assertThat(LatentSpace.residual(there, wanted)).isCloseTo(0.25, within(1e-12));
  }

  private Results compare(NDArray otherAnchors, NDArray otherProbes) {
    return Agreement.of(
        List.of(
            new LatentSpace(new Member("2 dimensions", 1), anchors, probes, 0.5),
            new LatentSpace(new Member("2 dimensions", 2), otherAnchors, otherProbes, 0.5)));
  }

  private static double mean(Results results, Representation representation, String measure) {
    return results.of(representation.title(), measure, Kin.OTHER_SEED).mean().mean();
  }

  private NDArray random(int rows, int seed) {
    Random random = new Random(seed);
    float[] numbers = new float[2 * rows];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return manager.create(numbers, new Shape(rows, 2)).toType(DataType.FLOAT32, false);
  }
}
