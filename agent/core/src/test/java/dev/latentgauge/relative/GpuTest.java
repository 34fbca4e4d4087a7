package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is computed on a GPU is what is computed on a CPU; {@code tests/gpu.sh} runs it, and all
 * other tests of this module on that device as well.
 */
@Tag("gpu")
class GpuTest {

  private static final int PROBES = 700;
  private static final int ANCHORS = 96;
  private static final int DIMENSIONS = 40;

  private final NDManager onCpu = NDManager.newBaseManager(Device.cpu());
  private final NDManager onGpu = NDManager.newBaseManager(Engine.getInstance().defaultDevice());

  /** What a run and its reference have seen; they are alike, but not the same. */
  private record Embeddings(NDArray anchors, NDArray probes, NDArray others, NDArray described) {

    static Embeddings random(NDManager manager) {
      manager.getEngine().setRandomSeed(11);
      NDArray anchors = manager.randomNormal(new Shape(ANCHORS, DIMENSIONS));
      NDArray probes = manager.randomNormal(new Shape(PROBES, DIMENSIONS));
      return new Embeddings(anchors, probes, noisy(anchors), noisy(probes));
    }

    private static NDArray noisy(NDArray array) {
      return array.add(array.getManager().randomNormal(array.getShape()).mul(0.7f));
    }

    Embeddings on(NDManager manager) {
      return new Embeddings(
          copy(anchors, manager),
          copy(probes, manager),
          copy(others, manager),
          copy(described, manager));
    }

    private static NDArray copy(NDArray array, NDManager manager) {
      return manager.create(array.toFloatArray(), array.getShape());
    }

    NDArray cosines() {
      return RelativeRepresentation.of(anchors, probes);
    }

    NDArray cosinesOfReference() {
      return RelativeRepresentation.of(others, described);
    }

    Score measured(Profile profile) {
      try (Gauge gauge = Gauge.of(cosinesOfReference(), profile)) {
        return (Score) gauge.measure(anchors, probes).outcome();
      }
    }

    /** Of the score, with respect to the probes. */
    float[] gradient(Profile profile) {
      try (Gauge gauge = Gauge.of(cosinesOfReference(), profile);
          GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray leaf = probes.duplicate();
        leaf.setRequiresGradient(true);
        collector.backward(gauge.score(RelativeRepresentation.of(anchors, leaf)));
        return leaf.getGradient().toFloatArray();
      }
    }

    Companions companions() {
      long[] classes = new long[PROBES];
      try (CompanionGauge gauge =
          CompanionGauge.of(
              cosinesOfReference(), Optional.of(Rows.of(described)), Optional.of(classes))) {
        return gauge.measure(cosines(), Optional.of(Rows.of(probes)), Optional.of(classes));
      }
    }
  }

  private final Embeddings here = Embeddings.random(onCpu);
  private final Embeddings there = here.on(onGpu);

  @BeforeAll
  static void requireGpu() {
    assertThat(Engine.getInstance().defaultDevice().isGpu())
        .as("the engine computes on a GPU; tests/gpu.sh says what it needs")
        .isTrue();
  }

  @AfterEach
  void close() {
    onCpu.close();
    onGpu.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "standardised", "soft", "soft:0.2", "neighbours:6"})
  void scoresAreTheSame(String profile) {
    Score expected = here.measured(Profile.parse(profile));
    Score score = there.measured(Profile.parse(profile));
    assertThat(score.value()).isCloseTo(expected.value(), within(1e-3));
    assertThat(score.standardError()).isCloseTo(expected.standardError(), within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "standardised", "soft", "soft:0.2"})
  void gradientsAreTheSame(String profile) {
    float[] expected = here.gradient(Profile.parse(profile));
    float[] gradient = there.gradient(Profile.parse(profile));
    float largest = 0;
    for (float each : expected) {
      largest = Math.max(largest, Math.abs(each));
    }
    assertThat(gradient).containsExactly(expected, within(largest / 100));
  }

  @Test
  void companionsAreTheSame() {
    Companions expected = here.companions();
    Companions companions = there.companions();
    assertClose(companions.linearCka(), expected.linearCka());
    assertClose(companions.effectiveRank(), expected.effectiveRank());
    assertClose(companions.neighbourOverlap(), expected.neighbourOverlap());
    assertThat(companions.predictionAgreement()).hasValue(1);
  }

  private static void assertClose(OptionalDouble number, OptionalDouble expected) {
    assertThat(number.orElseThrow())
        .isCloseTo(expected.orElseThrow(), within(expected.orElseThrow() / 100));
  }

  @Test
  void runsAreComparedAlike() {
    PairwiseScores expected = pairs(here);
    PairwiseScores pairs = pairs(there);
    assertThat(((Score) pairs.score(0, 1)).value())
        .isCloseTo(((Score) expected.score(0, 1)).value(), within(1e-3));
  }

  private static PairwiseScores pairs(Embeddings embeddings) {
    return PairwiseScores.of(
        List.of(embeddings.cosines(), embeddings.cosinesOfReference()), Profile.defaultProfile());
  }

  @Test
  void embeddingsWithoutNumbersAreFound() {
    try (NDArray none = there.probes.mul(Float.NaN);
        Gauge gauge = Gauge.of(there.cosinesOfReference(), Profile.defaultProfile())) {
      assertThat(gauge.measure(there.anchors, none).outcome()).isInstanceOf(Undefined.class);
    }
  }
}
