package dev.latentgauge.examples.spark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.Calibration.Point;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Small files of all kinds in a folder: embeddings that are a good model's with more or less noise,
 * two references, and what may be among them.
 */
final class Fleet implements AutoCloseable {

  private static final int ANCHORS = 12;
  private static final int PROBES = 40;
  private static final int DIMENSIONS = 8;
  private static final int CLASSES = 3;

  private final Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray good;

  /** Makes the folders and references. */
  Fleet(Path folder) throws IOException {
    this.folder = folder;
    Engine.getInstance().setRandomSeed(7);
    this.good = manager.randomNormal(new Shape(ANCHORS + PROBES, DIMENSIONS));
    Files.createDirectories(runs());
    Files.createDirectories(references());
    write(references().resolve("plain.safetensors"), noisy(0.1f));
    writeCalibrated(references().resolve("calibrated.safetensors"));
  }

  Path runs() {
    return folder.resolve("runs");
  }

  Path references() {
    return folder.resolve("references");
  }

  private void writeCalibrated(Path file) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    try (EmbeddingFile best = written(scratch.resolve("best.safetensors"), good);
        EmbeddingFile floor = written(scratch.resolve("floor.safetensors"), noisy(3));
        EmbeddingFile ceiling = written(scratch.resolve("ceiling.safetensors"), noisy(0.05f));
        Reference reference =
            Reference.builder("calibrated", best).floor(floor).ceiling(ceiling).build()) {
      List<Point> points =
          IntStream.range(0, 20).mapToObj(i -> new Point(i / 20.0, 0.5 + i / 50.0)).toList();
      reference.withCalibration(Calibration.fit(points, 0.8)).save(file);
    }
  }

  private EmbeddingFile written(Path file, NDArray embeddings) throws IOException {
    write(file, embeddings);
    return EmbeddingFile.open(file);
  }

  /** A good model's embeddings, and noise. */
  private NDArray noisy(float noise) {
    return good.add(manager.randomNormal(good.getShape()).mul(noise));
  }

  private void write(Path file, NDArray embeddings) throws IOException {
    long[] classes = new long[PROBES];
    Arrays.setAll(classes, i -> (i + Math.round(embeddings.getFloat(0, 0) * 10)) % CLASSES);
    write(file, embeddings, Optional.of(classes));
  }

  private static void write(Path file, NDArray embeddings, Optional<long[]> classes)
      throws IOException {
    EmbeddingFile.write(
        file,
        new Embeddings(embeddings.get(":" + ANCHORS), embeddings.get(ANCHORS + ":")),
        classes,
        Map.of("model", "m"));
  }

  /** Embeddings of checkpoints, in a folder below that of the runs. */
  void addCheckpoints(int count) throws IOException {
    Path run = Files.createDirectories(runs().resolve("run 1"));
    for (int i = 0; i < count; i++) {
      write(run.resolve("step-" + i + ".safetensors"), noisy(0.1f * i));
    }
  }

  /** What a fleet has as well: what cannot be scored, or has no score. */
  void addOddities() throws IOException {
    NDArray dead = noisy(0.2f);
    dead.set(new ai.djl.ndarray.index.NDIndex(ANCHORS + ":" + (ANCHORS + 3)), 0);
    write(runs().resolve("three-dead.safetensors"), dead);
    write(runs().resolve("diverged.safetensors"), good.mul(Float.NaN));
    write(
        runs().resolve("half.safetensors"),
        noisy(0.3f).toType(ai.djl.ndarray.types.DataType.FLOAT16, true));
    write(
        runs().resolve("fewer-probes.safetensors"),
        good.get(":" + (ANCHORS + 9)),
        Optional.empty());
    NDArray leaking = noisy(0.2f);
    leaking.set(new ai.djl.ndarray.index.NDIndex(ANCHORS + ", :"), good.get(0));
    leaking.set(new ai.djl.ndarray.index.NDIndex("0, :"), good.get(0));
    write(runs().resolve("anchor-among-probes.safetensors"), leaking);
    Files.write(runs().resolve("empty.safetensors"), new byte[0]);
    Files.writeString(runs().resolve("text.safetensors"), "not what it says it is");
    byte[] whole = Files.readAllBytes(runs().resolve("three-dead.safetensors"));
    Files.write(runs().resolve("cut short.safetensors"), Arrays.copyOf(whole, whole.length - 100));
    Files.copy(
        references().resolve("calibrated.safetensors"), runs().resolve("a-reference.safetensors"));
    Files.writeString(runs().resolve("notes.txt"), "no embeddings, and passed over");
  }

  @Override
  public void close() {
    manager.close();
  }
}
