package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A reference as a {@link TensorFile}: the tensor {@code relative}, the inputs {@code anchors.0},
 * {@code probes.0} and so on, one pair an input of the model, and the rest as metadata.
 */
final class ReferenceFile {

  private static final String FORMAT = "latentgauge-reference/1";

  private ReferenceFile() {}

  static void write(Reference reference, Path file) throws IOException {
    Provenance provenance = reference.provenance();
    SortedMap<String, String> metadata =
        new TreeMap<>(
            Map.of(
                "format", FORMAT,
                "name", reference.name(),
                "profile", reference.profile().toString(),
                "probes", reference.probes().fingerprint(),
                "model", provenance.model(),
                "model_hash", provenance.modelHash(),
                "layer", provenance.layer(),
                "created_at", provenance.createdAt().toString(),
                "library_version", provenance.libraryVersion()));
    SortedMap<String, NDArray> tensors = new TreeMap<>();
    tensors.put("relative", reference.relative());
    NDList anchors = reference.probes().anchors();
    for (int i = 0; i < anchors.size(); i++) {
      tensors.put("anchors." + i, anchors.get(i));
      tensors.put("probes." + i, reference.probes().probes().get(i));
    }
    new TensorFile(metadata, tensors).write(file);
  }

  static Reference read(Path file) throws IOException {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try {
      return new Reading(file, TensorFile.read(file, manager)).reference();
    } catch (IllegalArgumentException e) {
      manager.close();
      throw new InvalidFileException(file + " is not a valid reference: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** A file whose arrays are read, and what they must be to make a reference. */
  private record Reading(Path file, TensorFile content) {

    Reference reference() {
      String format = content.metadata().getOrDefault("format", "nothing");
      if (!format.equals(FORMAT)) {
        throw new IllegalArgumentException("its format must be " + FORMAT + ", but is " + format);
      }
      ProbeSet probes = ProbeSet.of(inputs("anchors."), inputs("probes."));
      try {
        return reference(probes);
      } catch (RuntimeException e) {
        probes.close();
        throw e;
      }
    }

    private Reference reference(ProbeSet probes) {
      NDArray relative = tensor("relative");
      requireShape(relative, probes);
      if (!probes.fingerprint().equals(text("probes"))) {
        throw new IllegalArgumentException("its inputs are not those that it was made with");
      }
      Provenance provenance =
          new Provenance(
              text("model"), text("model_hash"), text("layer"), time(), text("library_version"));
      return Reference.usable(
          new Reference(
              text("name"), provenance, Profile.parse(text("profile")), probes, relative, true));
    }

    private static void requireShape(NDArray relative, ProbeSet probes) {
      Shape shape = new Shape(probes.probeCount(), probes.anchorCount());
      if (!relative.getShape().equals(shape) || relative.getDataType() != DataType.FLOAT32) {
        throw new IllegalArgumentException(
            "its relative representation must be float32"
                + shape
                + ", but is "
                + relative.getDataType()
                + relative.getShape());
      }
    }

    private NDList inputs(String prefix) {
      NDList inputs = new NDList();
      for (int i = 0; content.tensors().containsKey(prefix + i); i++) {
        inputs.add(tensor(prefix + i));
      }
      return inputs;
    }

    private NDArray tensor(String name) {
      NDArray tensor = content.tensors().get(name);
      if (tensor == null) {
        throw new IllegalArgumentException("it has no array " + name);
      }
      return tensor;
    }

    private String text(String name) {
      String text = content.metadata().get(name);
      if (text == null) {
        throw new IllegalArgumentException("its metadata has no " + name);
      }
      return text;
    }

    private Instant time() {
      try {
        return Instant.parse(text("created_at"));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("its created_at is not a time", e);
      }
    }
  }
}
