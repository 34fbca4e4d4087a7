package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.latentgauge.probe.Embeddings;
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
 * <p>Opening reads the header alone, so that files may be larger than memory. Not thread-safe.
 */
public final class EmbeddingFile implements AutoCloseable {

  private static final String ANCHORS = "anchors";
  private static final String PROBES = "probes";
  private static final String PREDICTIONS = "predictions";

  private final TensorFile file;
  private final TensorHeader.Tensor anchors;
  private final TensorHeader.Tensor probes;
  private final TensorHeader.@Nullable Tensor predictions;

  private EmbeddingFile(TensorFile file) {
    this.file = file;
    this.anchors = matrix(ANCHORS);
    this.probes = matrix(PROBES);
    this.predictions = file.tensors().get(PREDICTIONS);
    if (anchors.shape().get(1) != probes.shape().get(1)) {
      throw new IllegalArgumentException(
          "its anchors and probes must come from one model, but anchors have "
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
      return new EmbeddingFile(file);
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
   * What it says of itself.
   *
   * @return texts by name, such as {@code model}
   */
  public SortedMap<String, String> metadata() {
    return file.metadata();
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

  @Override
  public void close() throws IOException {
    file.close();
  }
}
