package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model makes of anchors and probes, in a safetensors file that any language can write.
 *
 * <p>It has the arrays {@code anchors} (k x d) and {@code probes} (n x d) of type F16, BF16, F32 or
 * F64, and, where they are known, {@code predictions}, the class that the model predicts for each
 * probe (n integers). Other arrays are ignored. Its metadata may say what {@code model} and {@code
 * layer} the embeddings are from, and of which {@code probes}: any text that tells one choice of
 * inputs from another.
 *
 * <p>Where a reference is to be made of it, it may also have the ends of its scale, {@code
 * floor.anchors} and {@code floor.probes} of an untrained model, {@code ceiling.anchors} and {@code
 * ceiling.probes} of a second good training, with {@code floor.model} and {@code ceiling.model} in
 * its metadata; and the inputs themselves, named as {@link ProbeSet#arrays} names them.
 *
 * <p>Opening reads the header alone, so that files may be larger than memory. Not thread-safe.
 */
public final class EmbeddingFile implements AutoCloseable {

  private static final String ANCHORS = "anchors";
  private static final String PROBES = "probes";
  private static final String PREDICTIONS = "predictions";

  private final TensorFile file;
  private final String prefix;
  private final TensorHeader.Tensor anchors;
  private final TensorHeader.Tensor probes;
  private final TensorHeader.@Nullable Tensor predictions;

  /**
   * The embeddings of one model in a file.
   *
   * @param prefix what the names of their arrays begin with
   */
  private EmbeddingFile(TensorFile file, String prefix) {
    this.file = file;
    this.prefix = prefix;
    this.anchors = matrix(prefix + ANCHORS);
    this.probes = matrix(prefix + PROBES);
    this.predictions = file.tensors().get(prefix + PREDICTIONS);
    if (anchors.shape().get(1) != probes.shape().get(1)) {
      throw new IllegalArgumentException(
          "its "
              + prefix
              + "anchors and "
              + prefix
              + "probes must come from one model, but anchors have "
              + anchors.shape().get(1)
              + " dimensions and probes "
              + probes.shape().get(1));
    }
    requirePredictions();
  }

  private TensorHeader.Tensor matrix(String name) {
    TensorHeader.Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      String hint =
          file.metadata().getOrDefault("format", "").startsWith("latentgauge-reference")
              ? ": it is a reference, and embeddings are wanted here"
              : "; it has "
                  + (file.tensors().isEmpty()
                      ? "none"
                      : TensorHeader.quote(String.join(", ", file.tensors().keySet())));
      throw new IllegalArgumentException("it must have an array \"" + name + "\"" + hint);
    }
    if (!tensor.type().isFloating() || tensor.shape().dimension() != 2 || tensor.size() == 0) {
      throw new IllegalArgumentException(
          "its "
              + name
              + " must be floating-point numbers with a row for each input, but are "
              + tensor);
    }
    return tensor;
  }

  private void requirePredictions() {
    if (predictions == null) {
      return;
    }
    boolean fits =
        !predictions.type().isFloating()
            && predictions.shape().dimension() == 1
            && predictions.shape().get(0) == probes.shape().get(0);
    if (!fits) {
      throw new IllegalArgumentException(
          "its predictions must be an integer for each of the "
              + probes.shape().get(0)
              + " probes, but are "
              + predictions);
    }
  }

  /**
   * Opens a file.
   *
   * @param path a safetensors file
   * @return the embeddings, to be closed
   * @throws InvalidFileException if it is not a file of embeddings, with the reason
   * @throws IOException if it cannot be read
   */
  public static EmbeddingFile open(Path path) throws IOException {
    TensorFile file = TensorFile.open(path);
    try {
      EmbeddingFile embeddings = new EmbeddingFile(file, "");
      embeddings.floor();
      embeddings.ceiling();
      return embeddings;
    } catch (IllegalArgumentException e) {
      file.close();
      throw new InvalidFileException(path + " is not a file of embeddings: " + e.getMessage());
    }
  }

  /**
   * Writes a file, atomically.
   *
   * @param path replaced if it exists
   * @param embeddings of anchors and probes
   * @param predictions n classes, if they are known
   * @param metadata what else to say of them: {@code model}, {@code layer}, {@code probes}
   * @throws IOException if the file cannot be written; then what was there is untouched
   */
  public static void write(
      Path path, Embeddings embeddings, Optional<long[]> predictions, Map<String, String> metadata)
      throws IOException {
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    arrays.put(ANCHORS, embeddings.anchors());
    arrays.put(PROBES, embeddings.probes());
    try (NDManager scratch = embeddings.anchors().getManager().newSubManager()) {
      predictions.ifPresent(classes -> arrays.put(PREDICTIONS, scratch.create(classes)));
      TensorFileWriter.write(path, new TreeMap<>(metadata), arrays);
    }
  }

  /**
   * Where it is.
   *
   * @return the path that it was opened by
   */
  public Path path() {
    return file.path();
  }

  /**
   * What the file says of itself.
   *
   * @return texts by name, such as {@code model}
   */
  public SortedMap<String, String> metadata() {
    return file.metadata();
  }

  /**
   * What the model is called, for people.
   *
   * @return what the metadata say, else the name of the file; of a part of the file, such as the
   *     floor, what part it is
   */
  public String model() {
    String otherwise =
        prefix.isEmpty()
            ? String.valueOf(path().getFileName())
            : prefix.substring(0, prefix.length() - 1);
    return metadata().getOrDefault(prefix + "model", otherwise);
  }

  /**
   * The embeddings of an untrained model, if they are in the same file.
   *
   * @return the lower end of a scale; closed with this
   */
  public Optional<EmbeddingFile> floor() {
    return part("floor.");
  }

  /**
   * The embeddings of a second good training, if they are in the same file.
   *
   * @return the upper end of a scale; closed with this
   */
  public Optional<EmbeddingFile> ceiling() {
    return part("ceiling.");
  }

  private Optional<EmbeddingFile> part(String name) {
    boolean isThere =
        prefix.isEmpty()
            && (file.tensors().containsKey(name + ANCHORS)
                || file.tensors().containsKey(name + PROBES));
    return isThere ? Optional.of(new EmbeddingFile(file, name)) : Optional.empty();
  }

  /**
   * Tells the choice of inputs from others.
   *
   * @return what the metadata say of the probes, if they do
   */
  public Optional<String> probesFingerprint() {
    return Optional.ofNullable(metadata().get(PROBES));
  }

  /**
   * Reads the inputs that the embeddings are of.
   *
   * @return anchors and probes, to be closed; absent if the file does not have them
   * @throws IllegalArgumentException if they do not make a probe set, or not that of the embeddings
   * @throws IOException if the file cannot be read
   */
  public Optional<ProbeSet> inputs() throws IOException {
    try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
      Map<String, NDArray> arrays = file.read(ProbeSet::hasArray, scratch);
      return arrays.isEmpty() ? Optional.empty() : Optional.of(requireFit(arrays));
    }
  }

  private ProbeSet requireFit(Map<String, NDArray> arrays) {
    ProbeSet inputs = ProbeSet.ofArrays(arrays);
    try {
      if (inputs.anchorCount() != anchorCount() || inputs.probeCount() != probes().count()) {
        throw new IllegalArgumentException(
            path()
                + " has the embeddings of "
                + probes().count()
                + " probes and "
                + anchorCount()
                + " anchors, but the inputs of "
                + inputs.probeCount()
                + " and "
                + inputs.anchorCount());
      }
      if (probesFingerprint().filter(text -> !text.equals(inputs.fingerprint())).isPresent()) {
        throw new IllegalArgumentException(
            path()
                + " says that it is of the probe set "
                + probesFingerprint().get()
                + ", but it has the inputs of "
                + inputs.fingerprint());
      }
      return inputs;
    } catch (RuntimeException | Error e) {
      inputs.close();
      throw e;
    }
  }

  /**
   * The number of anchors.
   *
   * @return k
   */
  public long anchorCount() {
    return anchors.shape().get(0);
  }

  /**
   * Reads the embeddings of the anchors.
   *
   * @param manager receives them, and decides on the device
   * @return k x d
   * @throws IOException if the file cannot be read
   */
  public NDArray anchors(NDManager manager) throws IOException {
    return file.read(anchors, manager);
  }

  /**
   * The embeddings of the probes, which are read when they are needed.
   *
   * @return n x d; reading throws {@link UncheckedIOException} if the file cannot be read
   */
  public Rows probes() {
    return new Rows() {
      @Override
      public long count() {
        return probes.shape().get(0);
      }

      @Override
      public long dimensions() {
        return probes.shape().get(1);
      }

      @Override
      public NDArray read(Range range, NDManager manager) {
        try {
          return file.read(probes, range, manager);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /**
   * Reads the predictions.
   *
   * @param manager receives them
   * @return n classes in int64, if the file has them
   * @throws IOException if the file cannot be read
   */
  public Optional<NDArray> predictions(NDManager manager) throws IOException {
    if (predictions == null) {
      return Optional.empty();
    }
    NDArray read = file.read(predictions, manager).toType(DataType.INT64, false);
    read.attach(manager);
    return Optional.of(read);
  }

  /** Closes the file, with all that is in it. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
