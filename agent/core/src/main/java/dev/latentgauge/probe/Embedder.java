package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Embeds a probe set with one layer or several, over and over, on one device.
 *
 * <p>A pass runs the model in evaluation mode up to the last of its layers, in batches of 256
 * inputs, or at once where the probe set is made of rows of one input, and frees everything that it
 * allocates but the embeddings. All layers that are named by a path share it: it takes as long as
 * for the last of them alone, but that a branch of a parallel block is run once more where it has a
 * layer inside and something after the parallel block is needed as well. A layer by a function has
 * a run of its own. A pass changes no parameter and no buffer, and draws no random number unless a
 * block does so even in evaluation mode, as a variational bottleneck may; the layer should lie
 * before such a block. Not thread-safe.
 *
 * <p>A TorchScript module that DJL has loaded is copied for every pass, and the copy is run: DJL
 * cannot evaluate a module without changing how it trains. The copy takes about the time to write
 * the module to memory and to read it again.
 *
 * <p>The model's parameters must be on the same device. DJL trains on copies where a model was made
 * on another device than the trainer's, and brings the model's own parameters up to date only when
 * the trainer is closed: embedding with those would describe old weights, so it is refused.
 *
 * <p>Floating-point inputs are cast, once a pass, to the type of the model's first initialized
 * parameter of 16, 32 or 64 bits, so that a model in half precision can be embedded with the probe
 * set of one in full; integers stay as they are. A model without such parameters, as a TorchScript
 * module is that was not loaded to be trained, gets the inputs as they are.
 */
public final class Embedder implements AutoCloseable {

  private final List<Layer> layers;
  private final NDManager manager;
  private final ProbeInputs inputs;
  private final NDList loaded;
  private final NDArray anchorRows;
  private final NDArray probeRows;

  /**
   * Copies the inputs of a probe set to a device, to embed them with one layer.
   *
   * @param probes the probe set
   * @param layer the layer whose output is the embedding
   * @param parent decides on the device, and is closed no earlier than this
   */
  public Embedder(ProbeSet probes, Layer layer, NDManager parent) {
    this(probes, List.of(layer), parent);
  }

  /**
   * Copies the inputs of a probe set to a device, to embed them with several layers.
   *
   * @param probes the probe set
   * @param layers the layers whose outputs are the embeddings, at least one; the same may be there
   *     twice
   * @param parent decides on the device, and is closed no earlier than this
   * @throws IllegalArgumentException if there is no layer
   */
  public Embedder(ProbeSet probes, List<Layer> layers, NDManager parent) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one layer, but there is none");
    }
    this.layers = List.copyOf(layers);
    this.manager = parent.newSubManager();
    this.inputs = probes.inputs();
    this.loaded = inputs.load(manager);
    this.anchorRows = RowsOfInput.indices(inputs.anchorRows(), manager);
    this.probeRows = RowsOfInput.indices(inputs.probeRows(), manager);
  }

  /**
   * Embeds the probe set with the one layer as the model is now.
   *
   * @param block the block of the model, its parameters on the device of this embedder
   * @param target receives the embeddings, and is on the same device
   * @return the embeddings, attached to {@code target}
   * @throws IllegalArgumentException if the model does not have the layer, with those that it has;
   *     if the layer does not answer one row of floating-point numbers for every anchor and probe;
   *     if a parameter of the model is on another device; or if what is run up to the layer has a
   *     TorchScript module in other blocks than sequential ones
   * @throws IllegalStateException if this embeds with several layers
   */
  public Embeddings embed(Block block, NDManager target) {
    if (layers.size() != 1) {
      throw new IllegalStateException(
          "embed must be called with one layer, but there are "
              + layers.size()
              + ", which embedAll embeds with");
    }
    return embedAll(block, target).get(0).orThrow();
  }

  /**
   * Embeds the probe set with each layer as the model is now, in one pass.
   *
   * <p>The embeddings are, bit for bit, those of a pass for each layer alone. What one layer fails
   * with costs the others nothing but, if it is a block that fails, those that come after it. (That
   * goes for exceptions; an {@link Error} ends the pass.) Between batches only embeddings are kept;
   * within a batch, every output up to the last layer.
   *
   * @param block the block of the model, its parameters on the device of this embedder; it must not
   *     write into its inputs where there are several layers and the probe set is made of rows of
   *     one input, or in a parallel block that has layers inside
   * @param target receives the embeddings, and is on the same device
   * @return one for each layer, in their order, attached to {@code target}
   * @throws IllegalArgumentException if a parameter of the model is on another device; or if the
   *     model's block is none that can be run, see {@link #embed}
   * @throws ai.djl.engine.EngineException if memory does not suffice
   */
  public List<EmbeddedLayer> embedAll(Block block, NDManager target) {
    try (NDManager scratch = target.newSubManager(manager.getDevice())) {
      LayerOutputs outputs = inputs.embed(new ForwardPass(layers, block, scratch), loaded);
      List<EmbeddedLayer> embedded = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        embedded.add(embedded(i, outputs));
      }
      for (EmbeddedLayer layer : embedded) {
        if (layer instanceof EmbeddedLayer.Embedded done) {
          done.embeddings().anchors().attach(target);
          done.embeddings().probes().attach(target);
        }
      }
      return List.copyOf(embedded);
    }
  }

  private EmbeddedLayer embedded(int index, LayerOutputs outputs) {
    Layer layer = layers.get(index);
    Optional<RuntimeException> failure = outputs.failure(index);
    if (failure.isPresent()) {
      return new EmbeddedLayer.Failed(layer, failure.get());
    }
    NDArray rows = outputs.rows(index);
    return new EmbeddedLayer.Embedded(
        layer, new Embeddings(rows.get(anchorRows), rows.get(probeRows)));
  }

  /** Releases the inputs on the device. */
  @Override
  public void close() {
    manager.close();
  }
}
