package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/** Placeholder until the streaming one is merged. */
public final class EmbeddingFile implements AutoCloseable {
  private final Path path;
  private final NDManager manager;
  private final TensorFile content;

  private EmbeddingFile(Path path, NDManager manager, TensorFile content) {
    this.path = path;
    this.manager = manager;
    this.content = content;
  }

  public static EmbeddingFile open(Path path) throws IOException {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    return new EmbeddingFile(path, manager, TensorFile.read(path, manager));
  }

  public Path path() {
    return path;
  }

  public SortedMap<String, String> metadata() {
    return content.metadata();
  }

  public NDArray anchors(NDManager target) {
    NDArray a = java.util.Objects.requireNonNull(content.tensors().get("anchors")).duplicate();
    a.attach(target);
    return a;
  }

  public Rows probes() {
    return Rows.of(java.util.Objects.requireNonNull(content.tensors().get("probes")));
  }

  public Optional<NDArray> predictions(NDManager target) {
    return Optional.ofNullable(content.tensors().get("predictions"))
        .map(a -> a.toType(DataType.INT64, true));
  }

  @Override
  public void close() {
    manager.close();
  }
}
