package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;

/**
 * Embeds a probe set with one layer, over and over, on one device.
 *
 * <p>A pass runs the model in evaluation mode up to the layer, in batches of 256 inputs, or at once
 * where the probe set is made of rows of one input, and frees everything that it allocates but the
 * embeddings. It changes no parameter and no buffer, and draws no random number unless a block does
 * so even in evaluation mode, as a variational bottleneck may; the layer should lie before such a
 * block. Not thread-safe.
 *
 * <p>A TorchScript module that DJL has loaded is copied for every pass, and the copy is run: DJL
 * cannot evaluate a module without changing how it trains. The copy takes about the time to write
 * the module to memory and to read it again.
 *
 * <p>The model's parameters must be on the same device. DJL trains on copies where a model was made
 * on another device than the trainer's, and brings the model's own parameters up to date only when
 * the trainer is closed: embedding with those would describe old weights, so it is refused.
 */
public final class Embedder implements AutoCloseable {

  private final Layer layer;
  private final NDManager manager;
  private final ProbeInputs inputs;
  private final NDList loaded;
  private final NDArray anchorRows;
  private final NDArray probeRows;

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
    this.inputs = probes.inputs();
    this.loaded = inputs.load(manager);
    this.anchorRows = RowsOfInput.indices(inputs.anchorRows(), manager);
    this.probeRows = RowsOfInput.indices(inputs.probeRows(), manager);
  }

  /**
   * Embeds the probe set as the model is now.
   *
   * @param block the block of the model, its parameters on the device of this embedder
   * @param target receives the embeddings, and is on the same device
   * @return the embeddings, attached to {@code target}
   * @throws IllegalArgumentException if the model does not have the layer, with those that it has;
   *     if the layer does not answer one row of floating-point numbers for every anchor and probe;
   *     if a parameter of the model is on another device; or if what is run up to the layer has a
   *     TorchScript module in other blocks than sequential ones
   */
  public Embeddings embed(Block block, NDManager target) {
    try (NDManager scratch = target.newSubManager(manager.getDevice())) {
      NDArray output = inputs.embed(new ForwardPass(layer, block, scratch), loaded);
      NDArray anchors = output.get(anchorRows);
      NDArray probes = output.get(probeRows);
      anchors.attach(target);
      probes.attach(target);
      return new Embeddings(anchors, probes);
    }
  }

  /** Releases the inputs on the device. */
  @Override
  public void close() {
    manager.close();
  }
}
