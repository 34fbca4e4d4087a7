package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What measurements ask of the engine; on a GPU they read less, and wait for what they read. */
class EngineCallsTest {

  private static final MeasurementSize SIZE = new MeasurementSize(512, 64, 32);

  @Test
  void whatIsAskedForIsCounted() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray ones = manager.ones(new Shape(2, 3));
      EngineCalls calls =
          EngineCalls.of(
              () -> {
                ones.add(manager.create(new float[] {1, 2, 3})).toFloatArray();
                ones.nonzero();
              });
      assertThat(calls).isEqualTo(new EngineCalls(2, 1, 1, 1));
    }
  }

  @Test
  void aMeasurementReadsFewNumbersAndNeverWaitsOtherwise() throws IOException {
    try (MeasurementArms arms = new MeasurementArms(SIZE, false)) {
      EngineCalls calls = EngineCalls.of(arms::measurement);
      assertThat(calls.reads()).isBetween(1, 6);
      assertThat(calls.writes()).isLessThanOrEqualTo(3);
      assertThat(calls.hidden()).isZero();
    }
  }

  @Test
  void aScoreWithGradientsReadsFewNumbersAndNeverWaitsOtherwise() throws IOException {
    try (MeasurementArms arms = new MeasurementArms(SIZE, false)) {
      EngineCalls calls = EngineCalls.of(arms::scoreAndBack);
      assertThat(calls.reads()).isLessThanOrEqualTo(4);
      assertThat(calls.writes()).isLessThanOrEqualTo(6);
      assertThat(calls.hidden()).isZero();
    }
  }
}
