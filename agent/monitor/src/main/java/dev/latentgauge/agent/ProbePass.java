package dev.latentgauge.agent;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.Rows;
import java.util.Optional;

/** What a measurement needs on the device of the training: the probe set, and the reference. */
final class ProbePass implements AutoCloseable {

  private final NDManager manager;
  private final Embedder embedder;
  private final RunGauge gauge;

  private ProbePass(NDManager manager, Reference reference, ProbeSet probes, Layer layer) {
    this.manager = manager;
    this.embedder = new Embedder(probes, layer, manager);
    this.gauge = reference.runGauge(manager);
  }

  /** Copies what is needed to the first device of a trainer. */
  static ProbePass on(Trainer trainer, Reference reference, ProbeSet probes, Layer layer) {
    NDManager manager = trainer.getManager().newSubManager(trainer.getDevices()[0]);
    try {
      return new ProbePass(manager, reference, probes, layer);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Embeds the probe set with the model as it is now, and compares. */
  Reading measure(Block block) {
    try (NDManager scratch = manager.newSubManager()) {
      Embeddings embeddings = embedder.embed(block, scratch);
      return gauge.read(embeddings.anchors(), Rows.of(embeddings.probes()), Optional.empty());
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
