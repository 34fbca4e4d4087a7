package dev.latentgauge.agent;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import dev.latentgauge.probe.EmbeddedLayer;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.Rows;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is needed on the device of a training to measure some layers against some references that
 * share a probe set: its inputs, embedded by one forward pass for all, and the references.
 */
final class ProbePass implements AutoCloseable {

  private final NDManager manager;
  private final List<Layer> layers;
  private final Embedder embedder;
  private final Map<Reference, RunGauge> gauges = new HashMap<>();

  private ProbePass(NDManager manager, ProbeSet probes, List<Target> targets) {
    this.manager = manager;
    this.layers = targets.stream().map(Target::layer).distinct().toList();
    this.embedder = new Embedder(probes, layers, manager);
    for (Target target : targets) {
      gauges.computeIfAbsent(target.reference(), reference -> reference.runGauge(manager));
    }
  }

  /** Copies what is needed to the first device of a trainer. */
  static ProbePass on(Trainer trainer, ProbeSet probes, List<Target> targets) {
    NDManager manager = trainer.getManager().newSubManager(trainer.getDevices()[0]);
    try {
      return new ProbePass(manager, probes, targets);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Embeds the probe set with the model as it is now, and compares.
   *
   * @return one result a target, a reading or the failure of this target alone
   */
  Map<Target, Result> measure(Block block, List<Target> targets) {
    try (NDManager scratch = manager.newSubManager()) {
      List<EmbeddedLayer> embedded = embedder.embedAll(block, scratch);
      Map<Target, Result> results = new LinkedHashMap<>();
      for (Target target : targets) {
        results.put(target, measure(target, embedded.get(layers.indexOf(target.layer()))));
      }
      return results;
    }
  }

  private Result measure(Target target, EmbeddedLayer layer) {
    try {
      Embeddings embeddings = layer.orThrow();
      RunGauge gauge = Objects.requireNonNull(gauges.get(target.reference()));
      return new Result.Measured(
          gauge.read(embeddings.anchors(), Rows.of(embeddings.probes()), Optional.empty()));
    } catch (Throwable e) {
      return new Result.Failed(e);
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  /** What came of one target. */
  sealed interface Result {
    /** It was measured. */
    record Measured(Reading reading) implements Result {}

    /** It could not be measured. */
    record Failed(Throwable cause) implements Result {}
  }
}
