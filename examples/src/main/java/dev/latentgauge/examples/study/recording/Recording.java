package dev.latentgauge.examples.study.recording;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import dev.latentgauge.examples.study.task.Recorder;
import dev.latentgauge.examples.study.task.Snapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * All snapshots of one training.
 *
 * <p>In a file of NumPy's format npz, which other programs read as well: {@code steps} (T), {@code
 * epochs} (T), {@code losses} (T), {@code correct} (T x m), {@code predictions} (T x N), and {@code
 * layer/NAME} (T x N x d) for each layer, for T snapshots of N inputs in the pool and m test
 * examples. Measures are computed from recordings, so that another one needs no training.
 */
public final class Recording implements AutoCloseable {

  private static final String LAYER = "layer/";

  private final NDManager manager;
  private final NDList arrays;

  private Recording(NDManager manager, NDList arrays) {
    this.manager = manager;
    this.arrays = arrays;
  }

  /**
   * Reads a recording.
   *
   * @param file made by a {@link Writer}
   * @return the recording, to be closed
   * @throws IOException if there is no such file, or it is damaged
   */
  public static Recording read(Path file) throws IOException {
    NDManager manager = NDManager.newBaseManager();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new Recording(manager, NDList.decode(manager, in));
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw new IOException(file + " is no recording, or damaged: remove it and start again", e);
    }
  }

  /**
   * The number of snapshots.
   *
   * @return T
   */
  public int size() {
    return Math.toIntExact(arrays.get("steps").size());
  }

  /**
   * When the snapshots were taken.
   *
   * @return T steps, ascending
   */
  public long[] steps() {
    return arrays.get("steps").toLongArray();
  }

  /**
   * How far in its data the training was.
   *
   * @return T epochs
   */
  public double[] epochs() {
    return arrays.get("epochs").toDoubleArray();
  }

  /**
   * The training loss since the snapshot before.
   *
   * @return T losses, NaN at step 0
   */
  public double[] losses() {
    return arrays.get("losses").toDoubleArray();
  }

  /**
   * Which test examples the network was right about.
   *
   * @return T x m, 0 or 1, in float64; to be closed
   */
  public NDArray correct() {
    return arrays.get("correct").toType(DataType.FLOAT64, true);
  }

  /**
   * Which class it gave to the inputs of the pool.
   *
   * @param index of the snapshot, in [0, T)
   * @return N classes
   */
  public long[] predictions(int index) {
    try (NDArray row = arrays.get("predictions").get(index)) {
      return row.toLongArray();
    }
  }

  /**
   * Which layers there are.
   *
   * @return their names, the monitored one first
   */
  public List<String> layers() {
    return arrays.stream()
        .map(NDArray::getName)
        .filter(name -> name.startsWith(LAYER))
        .map(name -> name.substring(LAYER.length()))
        .toList();
  }

  /**
   * What a layer made of the pool.
   *
   * @param layer one of {@link #layers}
   * @param index of the snapshot, in [0, T)
   * @param manager what the array is attached to
   * @return N x d, float32
   */
  public NDArray embeddings(String layer, int index, NDManager manager) {
    NDArray rows = arrays.get(LAYER + layer).get(new NDIndex("{}", index));
    rows.attach(manager);
    return rows;
  }

  /** Releases the arrays. */
  @Override
  public void close() {
    manager.close();
  }

  /** Collects snapshots, and makes a file of them in the end. */
  public static final class Writer implements Recorder, AutoCloseable {

    private final NDManager manager = NDManager.newBaseManager();
    private final List<Snapshot> snapshots = new ArrayList<>();

    /** A writer without snapshots. */
    public Writer() {}

    @Override
    public void record(Snapshot snapshot) {
      NDArray correct = kept(snapshot.correct().toType(DataType.UINT8, true));
      NDArray predictions = kept(snapshot.predictions().toType(DataType.INT64, true));
      Map<String, NDArray> layers = new LinkedHashMap<>();
      snapshot.layers().forEach((name, rows) -> layers.put(name, kept(rows.duplicate())));
      snapshots.add(
          new Snapshot(
              snapshot.step(),
              snapshot.epoch(),
              snapshot.trainingLoss(),
              correct,
              layers,
              predictions));
    }

    private NDArray kept(NDArray array) {
      array.attach(manager);
      return array;
    }

    /**
     * Writes what was recorded, under a temporary name first, so that a file is whole or not there.
     *
     * @param file where it goes, in a folder that exists; what is there is replaced
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if nothing was recorded
     */
    public void writeTo(Path file) throws IOException {
      if (snapshots.isEmpty()) {
        throw new IllegalStateException("a training must record at least one snapshot");
      }
      NDList arrays = new NDList();
      add(arrays, "steps", manager.create(longs()));
      add(arrays, "epochs", manager.create(doubles(Snapshot::epoch)));
      add(arrays, "losses", manager.create(doubles(Snapshot::trainingLoss)));
      add(arrays, "correct", stacked(Snapshot::correct));
      add(arrays, "predictions", stacked(Snapshot::predictions));
      for (String layer : snapshots.get(0).layers().keySet()) {
        add(arrays, LAYER + layer, stacked(snapshot -> snapshot.layers().get(layer)));
      }
      Path partial = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".partial");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
          arrays.encode(out, NDList.Encoding.NPZ);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new IOException(file + " cannot be written: " + e.getMessage(), e);
      } finally {
        Files.deleteIfExists(partial);
      }
    }

    private long[] longs() {
      return snapshots.stream().mapToLong(Snapshot::step).toArray();
    }

    private double[] doubles(ToDoubleFunction<Snapshot> value) {
      return snapshots.stream().mapToDouble(value).toArray();
    }

    private NDArray stacked(Function<Snapshot, NDArray> array) {
      return NDArrays.stack(new NDList(snapshots.stream().map(array).toList()));
    }

    private static void add(NDList arrays, String name, NDArray array) {
      array.setName(name);
      arrays.add(array);
    }

    /** Releases the snapshots. */
    @Override
    public void close() {
      manager.close();
    }
  }
}
