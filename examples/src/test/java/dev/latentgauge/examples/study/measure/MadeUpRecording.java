package dev.latentgauge.examples.study.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.task.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Recordings of trainings that never were. */
final class MadeUpRecording {

  private static final int DIMENSIONS = 6;

  private MadeUpRecording() {}

  /**
   * A recording with a snapshot for each seed; equal seeds make equal embeddings.
   *
   * @param file where it goes
   * @param pool the number of inputs
   * @param shift added to all embeddings
   */
  static Recording of(Path file, int pool, NDArray shift, int... seeds) throws IOException {
    NDManager manager = shift.getManager();
    try (Recording.Writer writer = new Recording.Writer()) {
      for (int i = 0; i < seeds.length; i++) {
        Random random = new Random(seeds[i]);
        float[] rows = new float[pool * DIMENSIONS];
        for (int j = 0; j < rows.length; j++) {
          rows[j] = (float) random.nextGaussian();
        }
        NDArray embeddings = manager.create(rows, new Shape(pool, DIMENSIONS)).add(shift);
        writer.record(
            new Snapshot(
                i,
                i,
                0.25,
                manager.create(new boolean[] {true}),
                Map.of("encoder", embeddings),
                embeddings.argMax(1)));
      }
      writer.writeTo(file);
    }
    return Recording.read(file);
  }
}
