package dev.latentgauge.examples.checkpoints;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.examples.fashion.Networks;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.EmbeddingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what a network makes of anchors and probes while it is trained, a file every few steps.
 */
final class CheckpointFiles extends TrainingListenerAdapter {

  private final ProbeSet probes;
  private final Path folder;
  private final int every;
  private long steps;

  /**
   * Prepares to write.
   *
   * @param folder exists already
   * @param every how many steps lie between two files, at least 1
   */
  CheckpointFiles(ProbeSet probes, Path folder, int every) {
    this.probes = probes;
    this.folder = folder;
    this.every = every;
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    if (steps % every == 0) {
      write(trainer.getModel());
    }
    steps++;
  }

  private void write(Model model) {
    try (NDManager scratch = model.getNDManager().newSubManager();
        Embedder embedder = new Embedder(probes, Networks.ENCODER, scratch)) {
      EmbeddingFile.write(
          folder.resolve(String.format(Locale.ROOT, "step-%04d.safetensors", steps)),
          embedder.embed(model.getBlock(), scratch),
          Optional.empty(),
          Map.of(
              "model", model.getName(),
              "layer", Networks.ENCODER.name(),
              "probes", probes.fingerprint()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
