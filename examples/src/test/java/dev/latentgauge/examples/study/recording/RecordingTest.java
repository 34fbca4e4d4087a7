package dev.latentgauge.examples.study.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.study.task.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

  private final NDManager manager = NDManager.newBaseManager();

  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void whatWasRecordedIsReadBack() throws IOException {
    Path file = folder.resolve("run.npz");
    try (Recording.Writer writer = new Recording.Writer()) {
      writer.record(snapshot(0, Double.NaN, new boolean[] {false, true, false}, 1f));
      writer.record(snapshot(7, 0.5, new boolean[] {true, true, false}, 2f));
      writer.writeTo(file);
    }

    try (Recording recording = Recording.read(file);
        NDArray correct = recording.correct()) {
      assertThat(recording.size()).isEqualTo(2);
      assertThat(recording.steps()).containsExactly(0, 7);
      assertThat(recording.epochs()).containsExactly(0, 0.7);
      assertThat(recording.losses()).containsExactly(Double.NaN, 0.5);
      assertThat(correct.toDoubleArray()).containsExactly(0, 1, 0, 1, 1, 0);
      assertThat(recording.layers()).containsExactly("second", "first");
      assertThat(recording.predictions(1)).containsExactly(3, 1);
      assertThat(recording.embeddings("first", 1, manager).toFloatArray())
          .containsExactly(-2, -4, -6, -8);
      assertThat(recording.embeddings("second", 0, manager).toFloatArray())
          .containsExactly(1, 2, 3, 4);
    }
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
  }

  @Test
  void anotherFileIsRefusedByItsName() throws IOException {
    Path file = folder.resolve("garbage.npz");
    Files.writeString(file, "no arrays");
    assertThatIOException()
        .isThrownBy(() -> Recording.read(file))
        .withMessage(file + " is no recording, or damaged: remove it and start again");
  }

  @Test
  void aTrainingWithoutASnapshotHasNoRecording() {
    try (Recording.Writer writer = new Recording.Writer()) {
      assertThatIllegalStateException().isThrownBy(() -> writer.writeTo(folder.resolve("x.npz")));
    }
  }

  /** The arrays are closed by the time that the file is written. */
  private Snapshot snapshot(long step, double loss, boolean[] correct, float factor) {
    Map<String, NDArray> layers = new LinkedHashMap<>();
    NDArray rows = manager.create(new float[][] {{1, 2}, {3, 4}}).mul(factor);
    layers.put("second", rows);
    layers.put("first", rows.neg());
    return new Snapshot(
        step,
        step / 10.0,
        loss,
        manager.create(correct),
        layers,
        manager.create(new long[] {3, 1}));
  }
}
