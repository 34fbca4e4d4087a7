package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

/**
 * Embeds a probe set with one layer, over and over, on one device.
 *
 * <p>A pass runs the model in evaluation mode up to the layer, in batches of {@value #BATCH}, and
 * frees everything that it allocates but the embeddings. It changes no parameter and no buffer, and
 * draws no random number unless a block does so even in evaluation mode, as a variational
 * bottleneck may; the layer should lie before such a block. Not thread-safe.
 */
public final class Embedder implements AutoCloseable {

  private static final int BATCH = 256;

  private final Layer layer;
  private final NDManager manager;
  private final NDList inputs;
  private final long anchors;
  private final long rows;

  /**
   * Copies the inputs of a probe set to a device.
   *
   * @param probes the probe set
   * @param layer the layer whose output is the embedding
   * @param parent decides on the device, and is closed no earlier than this
   */
  public Embedder(ProbeSet probes, Layer layer, NDManager parent) {
    this.layer = layer;
    this.manager = parent.newSubManager();
    this.anchors = probes.anchorCount();
    this.rows = anchors + probes.probeCount();
    this.inputs = new NDList();
    try (NDManager scratch = manager.newSubManager()) {
      for (int i = 0; i < probes.anchors().size(); i++) {
        NDList both = new NDList(probes.anchors().get(i), probes.probes().get(i));
        NDArray input = onDevice(NDArrays.concat(both), scratch);
        input.attach(manager);
        inputs.add(input);
      }
    }
  }

  private static NDArray onDevice(NDArray array, NDManager scratch) {
    array.attach(scratch);
    return array.toDevice(scratch.getDevice(), false);
  }

  /**
   * Embeds the probe set as the model is now.
   *
   * @param block the block of the model, its parameters on the device of this embedder
   * @param target receives the embeddings, and is on the same device
   * @return the embeddings, attached to {@code target}
   * @throws IllegalArgumentException if the model does not have the layer, with those that it has
   */
  public Embeddings embed(Block block, NDManager target) {
    try (NDManager scratch = target.newSubManager()) {
      NDList batches = new NDList();
      for (long from = 0; from < rows; from += BATCH) {
        batches.add(embed(block, from, Math.min(from + BATCH, rows), scratch));
      }
      NDArray all = NDArrays.concat(batches);
      NDArray anchorRows = all.get(new NDIndex().addSliceDim(0, anchors));
      NDArray probeRows = all.get(new NDIndex().addSliceDim(anchors, rows));
      anchorRows.attach(target);
      probeRows.attach(target);
      return new Embeddings(anchorRows, probeRows);
    }
  }

  private NDArray embed(Block block, long from, long to, NDManager scratch) {
    try (NDManager pass = scratch.newSubManager()) {
      NDList batch = new NDList();
      for (NDArray input : inputs) {
        batch.add(input.get(pass, new NDIndex().addSliceDim(from, to)));
      }
      NDArray embeddings =
          layer.embed(block, new ParameterStore(pass, false), batch).stopGradient();
      embeddings.attach(scratch);
      return embeddings;
    }
  }

  /** Releases the inputs on the device. */
  @Override
  public void close() {
    manager.close();
  }
}
