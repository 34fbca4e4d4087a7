package dev.latentgauge.agent;

import ai.djl.ndarray.NDArray;
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
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Rows;
import dev.latentgauge.relative.Sketch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is needed on the device of a training to measure what shares a probe set: its inputs,
 * embedded with all layers by one forward pass, and the references to compare with, if there are
 * any.
 */
final class ProbePass implements AutoCloseable {

  private final NDManager manager;
  private final List<Layer> layers;
  private final Embedder embedder;
  private final Map<Reference, RunGauge> gauges = new HashMap<>();

  private ProbePass(NDManager manager, ProbeSet probes, List<Measurand> measurands) {
    this.manager = manager;
    this.layers = measurands.stream().map(Measurand::layer).distinct().toList();
    this.embedder = new Embedder(probes, layers, manager);
    for (Measurand measurand : measurands) {
      if (measurand instanceof Target target) {
        gauges.computeIfAbsent(target.reference(), reference -> reference.runGauge(manager));
      }
    }
  }

  /** Copies what is needed to the first device of a trainer. */
  static ProbePass on(Trainer trainer, ProbeSet probes, List<Measurand> measurands) {
    NDManager manager = trainer.getManager().newSubManager(trainer.getDevices()[0]);
    try {
      return new ProbePass(manager, probes, measurands);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Embeds the probe set with the model as it is now, and compares and sketches.
   *
   * @return one result a measurand, in their order, or the failure of this measurand alone
   */
  Map<Measurand, Result> measure(Block block, List<Measurand> measurands) {
    try (NDManager scratch = manager.newSubManager()) {
      List<EmbeddedLayer> embedded = embedder.embedAll(block, scratch);
      Map<Measurand, Result> results = new LinkedHashMap<>();
      for (Measurand measurand : measurands) {
        results.put(measurand, measure(measurand, embedded.get(layers.indexOf(measurand.layer()))));
      }
      return results;
    }
  }

  private Result measure(Measurand measurand, EmbeddedLayer layer) {
    try {
      Embeddings embeddings = layer.orThrow();
      return measurand instanceof Target target
          ? compared(target.reference(), embeddings)
          : sketched(embeddings);
    } catch (Throwable e) {
      return new Result.Failed(e);
    }
  }

  private Result compared(Reference reference, Embeddings embeddings) {
    RunGauge gauge = Objects.requireNonNull(gauges.get(reference));
    return new Result.Compared(
        gauge.read(embeddings.anchors(), Rows.of(embeddings.probes()), Optional.empty()));
  }

  private static Result sketched(Embeddings embeddings) {
    try (NDArray relative = RelativeRepresentation.of(embeddings.anchors(), embeddings.probes())) {
      return new Result.Sketched(Sketch.of(relative));
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  /** What came of one measurand. */
  sealed interface Result {
    /** It was compared with its reference. */
    record Compared(Reading reading) implements Result {}

    /** It was sketched. */
    record Sketched(Sketch sketch) implements Result {}

    /** It could not be measured. */
    record Failed(Throwable cause) implements Result {}
  }
}
