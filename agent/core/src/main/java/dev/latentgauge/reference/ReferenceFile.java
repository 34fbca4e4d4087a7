package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A reference as a {@link TensorFile}: the tensor {@code relative}, where they are known {@code
 * embeddings} and {@code predictions} of the probes, the probe set as {@link ProbeSet#arrays} names
 * it, the points of the calibration as {@code calibration}, a row of score and accuracy each, and
 * the rest as metadata. The calibration is fitted anew when it is read.
 */
final class ReferenceFile {

  static final String FORMAT = "latentgauge-reference/1";

  private static final String RELATIVE = "relative";
  private static final String EMBEDDINGS = "embeddings";
  private static final String PREDICTIONS = "predictions";
  private static final String CALIBRATION = "calibration";
  private static final String COVERAGE = "calibration_coverage";
  private static final String FROM_STEP = "calibration_from_step";

  /** More embeddings serve one companion alone, and would make the file heavy. */
  private static final long MOST_EMBEDDING_NUMBERS = 1L << 24;

  private ReferenceFile() {}

  static void write(Reference.Parts parts, Path file) throws IOException {
    Description description = parts.description();
    try (NDManager scratch = description.relative().getManager().newSubManager()) {
      SortedMap<String, NDArray> tensors = new TreeMap<>();
      tensors.put(RELATIVE, description.relative());
      description
          .embeddings()
          .filter(rows -> rows.count() * rows.dimensions() <= MOST_EMBEDDING_NUMBERS)
          .ifPresent(rows -> tensors.put(EMBEDDINGS, rows.read(rows.all(), scratch)));
      description.predictions().ifPresent(array -> tensors.put(PREDICTIONS, array));
      parts.calibration().ifPresent(known -> tensors.put(CALIBRATION, points(known, scratch)));
      parts.probes().ifPresent(probes -> tensors.putAll(probes.arrays()));
      TensorFileWriter.write(file, metadata(parts), tensors);
    }
  }

  private static NDArray points(Calibration calibration, NDManager manager) {
    double[][] rows =
        calibration.points().stream()
            .map(point -> new double[] {point.score(), point.accuracy()})
            .toArray(double[][]::new);
    return manager.create(rows);
  }

  private static SortedMap<String, String> metadata(Reference.Parts parts) {
    Provenance provenance = parts.provenance();
    SortedMap<String, String> metadata =
        new TreeMap<>(
            Map.of(
                "format", FORMAT,
                "name", parts.name(),
                "profile", parts.profile().toString(),
                "model", provenance.model(),
                "created_at", provenance.createdAt().toString(),
                "library_version", provenance.libraryVersion()));
    parts.description().probes().ifPresent(text -> metadata.put("probes", text));
    provenance.modelHash().ifPresent(text -> metadata.put("model_hash", text));
    provenance.layer().ifPresent(text -> metadata.put("layer", text));
    parts.floor().ifPresent(point -> put("floor", point, metadata));
    parts.ceiling().ifPresent(point -> put("ceiling", point, metadata));
    parts
        .calibration()
        .ifPresent(
            known -> {
              metadata.put(COVERAGE, Double.toString(known.coverage()));
              if (known.fromStep() > 0) {
                metadata.put(FROM_STEP, Long.toString(known.fromStep()));
              }
            });
    return metadata;
  }

  private static void put(String which, FixedPoint point, SortedMap<String, String> metadata) {
    metadata.put(which + "_model", point.model());
    metadata.put(which + "_score", Double.toString(point.score()));
    metadata.put(which + "_standard_error", Double.toString(point.standardError()));
    point
        .anchorError()
        .ifPresent(error -> metadata.put(which + "_anchor_error", Double.toString(error)));
  }

  static boolean isReference(Path path) throws IOException {
    try (TensorFile file = TensorFile.open(path)) {
      return file.metadata().getOrDefault("format", "").startsWith("latentgauge-reference/");
    }
  }

  static long cosines(Path path) throws IOException {
    try (TensorFile file = TensorFile.open(path)) {
      TensorHeader.Tensor relative = file.tensors().get(RELATIVE);
      return relative == null ? 0 : relative.size();
    }
  }

  static Reference read(Path path, boolean withProbes) throws IOException {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try (TensorFile file = TensorFile.open(path)) {
      return new Content(file, manager, withProbes).reference();
    } catch (IllegalArgumentException e) {
      manager.close();
      throw new InvalidFileException(path + " is not a valid reference: " + e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** What must be in a file to make a reference. */
  private record Content(TensorFile content, NDManager manager, boolean withProbes) {

    Reference reference() throws IOException {
      String format = content.metadata().getOrDefault("format", "nothing");
      if (!format.equals(FORMAT)) {
        throw new IllegalArgumentException("its format must be " + FORMAT + ", but is " + format);
      }
      Optional<ProbeSet> probes = probes();
      try {
        return reference(probes);
      } catch (IOException | RuntimeException | Error e) {
        probes.ifPresent(ProbeSet::close);
        throw e;
      }
    }

    private Optional<ProbeSet> probes() throws IOException {
      if (!withProbes) {
        return Optional.empty();
      }
      Set<String> own = Set.of(RELATIVE, EMBEDDINGS, PREDICTIONS, CALIBRATION);
      try (NDManager scratch = manager.newSubManager()) {
        Map<String, NDArray> arrays = content.read(name -> !own.contains(name), scratch);
        return arrays.isEmpty() ? Optional.empty() : Optional.of(ProbeSet.ofArrays(arrays));
      }
    }

    private Reference reference(Optional<ProbeSet> probes) throws IOException {
      Provenance provenance =
          new Provenance(
              text("model"),
              optionalText("model_hash"),
              optionalText("layer"),
              time(),
              text("library_version"));
      return new Reference(
          new Reference.Parts(
              text("name"),
              provenance,
              Profile.parse(text("profile")),
              description(provenance, probes),
              probes,
              point("floor"),
              point("ceiling"),
              calibration(),
              true));
    }

    private Description description(Provenance provenance, Optional<ProbeSet> probes)
        throws IOException {
      NDArray relative =
          content
              .read(RELATIVE, manager)
              .orElseThrow(() -> new IllegalArgumentException("it has no array relative"));
      requireMatrix(RELATIVE, relative);
      if (relative.getDataType() == DataType.FLOAT16) {
        throw new IllegalArgumentException("its relative representation must not be in float16");
      }
      Shape shape = relative.getShape();
      probes.ifPresent(set -> requireFit(shape, set));
      Optional<NDArray> embeddings = content.read(EMBEDDINGS, manager);
      embeddings.ifPresent(
          array -> {
            requireMatrix(EMBEDDINGS, array);
            requireRows(EMBEDDINGS, array, shape);
          });
      Optional<NDArray> predictions = content.read(PREDICTIONS, manager);
      predictions.ifPresent(
          array -> {
            if (array.getDataType() != DataType.INT64 || array.getShape().dimension() != 1) {
              throw new IllegalArgumentException(
                  "its predictions must be int64 of one dimension, but are "
                      + array.getDataType()
                      + array.getShape());
            }
            requireRows(PREDICTIONS, array, shape);
          });
      return new Description(
          provenance.model(),
          provenance.modelHash(),
          provenance.layer(),
          optionalText("probes"),
          relative,
          embeddings.map(Rows::of),
          predictions);
    }

    private void requireFit(Shape relative, ProbeSet probes) {
      if (relative.get(0) != probes.probeCount() || relative.get(1) != probes.anchorCount()) {
        throw new IllegalArgumentException(
            "its relative representation is "
                + relative
                + ", but it has the inputs of "
                + probes.probeCount()
                + " probes and "
                + probes.anchorCount()
                + " anchors");
      }
      if (!probes.fingerprint().equals(text("probes"))) {
        throw new IllegalArgumentException("its inputs are not those that it was made with");
      }
    }

    private static void requireMatrix(String name, NDArray array) {
      DataType type = array.getDataType();
      boolean isReal = type == DataType.FLOAT32 || type == DataType.FLOAT64;
      if (array.getShape().dimension() != 2 || !(isReal || type == DataType.FLOAT16)) {
        throw new IllegalArgumentException(
            "its array "
                + name
                + " must be a matrix of floating-point numbers, but is "
                + type
                + array.getShape());
      }
    }

    private static void requireRows(String name, NDArray array, Shape relative) {
      if (array.getShape().get(0) != relative.get(0)) {
        throw new IllegalArgumentException(
            "its "
                + name
                + " must be of the "
                + relative.get(0)
                + " probes, but are of "
                + array.getShape().get(0));
      }
    }

    private Optional<FixedPoint> point(String which) {
      if (!content.metadata().containsKey(which + "_score")) {
        return Optional.empty();
      }
      Optional<Double> anchorError =
          optionalText(which + "_anchor_error").map(text -> number(which + "_anchor_error"));
      return Optional.of(
          new FixedPoint(
              text(which + "_model"),
              number(which + "_score"),
              number(which + "_standard_error"),
              anchorError.map(OptionalDouble::of).orElseGet(OptionalDouble::empty)));
    }

    private Optional<Calibration> calibration() throws IOException {
      TensorHeader.Tensor tensor = content.tensors().get(CALIBRATION);
      if (tensor == null) {
        if (content.metadata().containsKey(COVERAGE)) {
          throw new IllegalArgumentException("its calibration has a coverage, but no points");
        }
        return Optional.empty();
      }
      requirePoints(tensor);
      try (NDManager scratch = manager.newSubManager()) {
        double[] numbers = content.read(tensor, scratch).toDoubleArray();
        List<Calibration.Point> points = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
          points.add(new Calibration.Point(numbers[i], numbers[i + 1]));
        }
        return Optional.of(Calibration.fit(points, number(COVERAGE)).from(fromStep()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("its calibration is invalid: " + e.getMessage(), e);
      }
    }

    private long fromStep() {
      String text = optionalText(FROM_STEP).orElse("0");
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            FROM_STEP + " must be a whole number, but is \"" + text + "\"", e);
      }
    }

    private static void requirePoints(TensorHeader.Tensor tensor) {
      Shape shape = tensor.shape();
      boolean isMatrix = shape.dimension() == 2 && shape.get(1) == 2;
      if (!(tensor.type() == TensorType.F64 && isMatrix)
          || shape.get(0) > Calibration.MOST_POINTS
          || shape.get(0) < 1) {
        throw new IllegalArgumentException(
            "its array calibration must be F64 of at most "
                + Calibration.MOST_POINTS
                + " rows of a score and an accuracy, but is "
                + tensor);
      }
    }

    private Optional<String> optionalText(String name) {
      return Optional.ofNullable(content.metadata().get(name));
    }

    private String text(String name) {
      return optionalText(name)
          .orElseThrow(() -> new IllegalArgumentException("its metadata has no " + name));
    }

    private double number(String name) {
      try {
        return Double.parseDouble(text(name));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("its " + name + " is not a number", e);
      }
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
