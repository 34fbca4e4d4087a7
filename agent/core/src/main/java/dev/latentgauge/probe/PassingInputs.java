package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.TreeMap;

/**
 * Draws anchors and probes from inputs that come by in batches, when nobody can say how many will
 * come, in what order, and how often each.
 *
 * <p>What is kept are the inputs with the lowest fingerprints, which are as good as random numbers
 * and belong to the inputs alone: so all different inputs are equally likely, and the same data
 * give the same probe set however they are shuffled, cut into batches, and repeated.
 *
 * <p>Keeps k + n inputs in main memory. A batch costs a copy to it and a SHA-256, 2 to 3 seconds a
 * GB. Not thread-safe.
 */
public final class PassingInputs implements AutoCloseable {

  private final ProbeDraw draw;
  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final TreeMap<String, NDList> kept = new TreeMap<>();

  /**
   * Starts with none.
   *
   * @param anchors k, at least 1; 128 is a good choice
   * @param probes n, at least 3; 512 is a good choice
   * @throws IllegalArgumentException if a number is too small
   */
  public PassingInputs(int anchors, int probes) {
    this.draw = new ProbeDraw(anchors, probes, 0, new AnchorSelection.Uniform());
  }

  /**
   * Takes the inputs of a batch.
   *
   * @param batch one array an input of the model, dense, each with as many rows, on any device;
   *     only looked at
   * @throws IllegalArgumentException if they are other arrays, or of another type or shape, than
   *     those before
   */
  public void add(NDList batch) {
    requireRows(batch);
    List<String> fingerprints = Fingerprint.ofRows(batch);
    if (!kept.isEmpty() && !fingerprints.isEmpty()) {
      try (NDList first = row(batch, 0)) {
        DistinctInputs.requireKind(kept.firstEntry().getValue(), first);
      }
    }
    for (int row = 0; row < fingerprints.size(); row++) {
      if (isOfUse(fingerprints.get(row))) {
        keep(fingerprints.get(row), batch, row);
      }
    }
  }

  private static void requireRows(NDList batch) {
    for (NDArray array : batch) {
      if (array.isSparse()
          || array.getShape().dimension() == 0
          || array.getShape().get(0) != batch.head().getShape().get(0)) {
        throw new IllegalArgumentException(
            "the inputs of a batch must be dense arrays with one row an input, but one is "
                + (array.isSparse() ? "sparse" : array.getShape().toString()));
      }
    }
  }

  private boolean isOfUse(String fingerprint) {
    return !kept.containsKey(fingerprint)
        && (kept.size() < draw.most() || fingerprint.compareTo(kept.lastKey()) < 0);
  }

  private void keep(String fingerprint, NDList batch, int row) {
    NDList input = row(batch, row);
    input.attach(manager);
    kept.put(fingerprint, input);
    if (kept.size() > draw.most()) {
      kept.pollLastEntry().getValue().close();
    }
  }

  private static NDList row(NDList batch, int row) {
    NDList input = new NDList();
    for (NDArray array : batch) {
      try (NDArray slice = array.get(new NDIndex().addSliceDim(row, row + 1L))) {
        input.add(ArrayCopy.on(Device.cpu(), slice));
      }
    }
    return input;
  }

  /**
   * Draws from all that has come by.
   *
   * @return a probe set of its own, to be closed
   * @throws IllegalArgumentException if fewer than k + n different inputs have come by
   */
  public ProbeSet draw() {
    DistinctInputs inputs = new DistinctInputs(List.copyOf(kept.values()));
    inputs.requireAtLeast(draw.least());
    return ProbeSet.drawn(inputs, draw);
  }

  /** Releases the inputs. */
  @Override
  public void close() {
    manager.close();
  }
}
