package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one model makes of anchors and probes: their cosines, in main memory, and what else is known
 * of it.
 *
 * @param model what the model is called, for people
 * @param modelHash the SHA-256 of its parameters, if they were at hand
 * @param layer the layer that was described, if it is known
 * @param probes the fingerprint of the probe set, if it is known
 * @param relative n x k, in float32 or float64
 * @param embeddings of the probes, n x d, if they are known
 * @param predictions of the probes, n classes in int64, if they are known
 */
public record Description(
    String model,
    Optional<String> modelHash,
    Optional<String> layer,
    Optional<String> probes,
    NDArray relative,
    Optional<Rows> embeddings,
    Optional<NDArray> predictions) {

  /**
   * Embeds a probe set with a model.
   *
   * @param model a model, initialized
   * @param layer the layer whose output is the embedding
   * @param probes anchors and probes
   * @param target receives the arrays
   * @return the description
   * @throws IllegalArgumentException if the model does not have the layer
   */
  public static Description of(Model model, Layer layer, ProbeSet probes, NDManager target) {
    try (NDManager scratch = model.getNDManager().newSubManager();
        Embedder embedder = new Embedder(probes, layer, scratch)) {
      Embeddings embeddings = embedder.embed(model.getBlock(), scratch);
      return new Description(
          String.valueOf(model.getName()),
          Optional.of(hash(model)),
          Optional.of(layer.name()),
          Optional.of(probes.fingerprint()),
          kept(RelativeRepresentation.of(embeddings.anchors(), embeddings.probes()), target),
          Optional.of(Rows.of(kept(embeddings.probes(), target))),
          Optional.empty());
    }
  }

  /**
   * Describes what a file has the embeddings of.
   *
   * @param file embeddings of anchors and probes; must stay open as long as the description is used
   * @param target receives the arrays
   * @return the description
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if one anchor and one probe alone have the same embedding, bit
   *     for bit, which says that they are the same input
   */
  public static Description of(EmbeddingFile file, NDManager target) throws IOException {
    try (NDManager scratch = target.newSubManager()) {
      requireDisjoint(file.path(), file.anchors(scratch), file.probes(), scratch);
    }
    return ofDisjoint(file, target);
  }

  /** Describes what a file has the embeddings of, where anchors are known to be no probes. */
  static Description ofDisjoint(EmbeddingFile file, NDManager target) throws IOException {
    try (NDManager scratch = target.newSubManager()) {
      Rows probes = file.probes();
      NDArray relative = RelativeRepresentation.of(file.anchors(scratch), probes);
      return new Description(
          file.model(),
          Optional.ofNullable(file.metadata().get("model_hash")),
          Optional.ofNullable(file.metadata().get("layer")),
          file.probesFingerprint(),
          kept(relative, target),
          Optional.of(probes),
          file.predictions(target));
    }
  }

  /**
   * Refuses an anchor and a probe with one embedding, unless others have it too: then the model,
   * and not the choice of inputs, is to blame.
   */
  private static void requireDisjoint(Path path, NDArray anchors, Rows probes, NDManager manager) {
    Map<String, Integer> anchorOf = new HashMap<>();
    Set<String> shared = new HashSet<>(rows(anchors.zerosLike()));
    List<String> anchorRows = rows(anchors);
    for (int i = 0; i < anchorRows.size(); i++) {
      if (anchorOf.put(anchorRows.get(i), i) != null) {
        shared.add(anchorRows.get(i));
      }
    }
    anchorOf.keySet().removeAll(shared);
    Map<String, Long> probeOf = new HashMap<>();
    for (Rows.Range range : probes.batches(probes.batchSize())) {
      try (NDManager scratch = manager.newSubManager()) {
        List<String> probeRows = rows(probes.read(range, scratch));
        for (int i = 0; i < probeRows.size(); i++) {
          String row = probeRows.get(i);
          if (anchorOf.containsKey(row) && probeOf.put(row, range.from() + i) != null) {
            anchorOf.remove(row);
          }
        }
      }
    }
    anchorOf.forEach(
        (row, anchor) -> {
          Long probe = probeOf.get(row);
          if (probe != null) {
            throw new IllegalArgumentException(
                path
                    + " must have different inputs as anchors and probes, but probe "
                    + probe
                    + " has the embedding of anchor "
                    + anchor);
          }
        });
  }

  private static List<String> rows(NDArray matrix) {
    return Fingerprint.ofRows(new NDList(matrix));
  }

  private static NDArray kept(NDArray array, NDManager target) {
    NDArray kept = array.toDevice(Device.cpu(), false);
    kept.attach(target);
    return kept;
  }

  private static String hash(Model model) {
    NDList parameters = new NDList();
    for (Parameter parameter : model.getBlock().getParameters().values()) {
      parameters.add(parameter.getArray());
    }
    return Fingerprint.of(List.of(parameters));
  }

  /** The same, of a probe set by whose contents it is told from others, if that is at hand. */
  Description withProbes(Optional<ProbeSet> inputs) {
    return new Description(
        model,
        modelHash,
        layer,
        inputs.map(ProbeSet::fingerprint).or(() -> probes),
        relative,
        embeddings,
        predictions);
  }

  /**
   * Refuses what is not of the same anchors and probes as this, as far as can be told.
   *
   * @throws IllegalArgumentException if it is not, saying what differs
   */
  void requireSameProbes(String whose, Description other) {
    Shape shape = other.relative.getShape();
    requireSameProbes(whose, shape.get(0), shape.get(1), other.probes);
  }

  /** Refuses embeddings of other anchors and probes before they are read. */
  void requireSameProbes(String whose, EmbeddingFile other) {
    requireSameProbes(
        whose, other.probes().count(), other.anchorCount(), other.probesFingerprint());
  }

  private void requireSameProbes(
      String whose, long probeCount, long anchorCount, Optional<String> fingerprint) {
    Shape shape = relative.getShape();
    if (probeCount != shape.get(0) || anchorCount != shape.get(1)) {
      throw new IllegalArgumentException(
          "the reference is of "
              + sizes(shape.get(0), shape.get(1))
              + ", so "
              + whose
              + " must be too, but is of "
              + sizes(probeCount, anchorCount));
    }
    if (probes.isPresent() && fingerprint.isPresent() && !probes.equals(fingerprint)) {
      throw new IllegalArgumentException(
          "the reference is of the probe set "
              + probes.get()
              + ", so "
              + whose
              + " must be too, but is of "
              + fingerprint.get());
    }
  }

  private static String sizes(long probes, long anchors) {
    return probes + " probes and " + anchors + " anchors";
  }
}
