package dev.latentgauge.examples.torchscript;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.probe.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A network that begins with a module of TorchScript and ends with a new head.
 *
 * <p>The module belongs to the model that it was loaded with, which so is closed with the network.
 */
final class TracedEncoder implements AutoCloseable {

  /** The module, by the name that DJL gives it as the first child of the network. */
  static final Layer MODULE = Layer.named("01PtSymbolBlock");

  private final Model loaded;
  private final Model network;

  private TracedEncoder(Model loaded, Model network) {
    this.loaded = loaded;
    this.network = network;
  }

  /**
   * Loads a module and puts a head on it.
   *
   * @param file what {@code torch.jit.save} wrote
   * @param trained whether the module's own weights are to be trained, or those of the head alone
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is no module that this version of PyTorch can load
   */
  static TracedEncoder load(Path file, boolean trained)
      throws IOException, MalformedModelException {
    Model loaded = Model.newInstance("module");
    Model network = Model.newInstance(file.getFileName().toString());
    TracedEncoder encoder = new TracedEncoder(loaded, network);
    try {
      loaded.load(file, null, Map.of("trainParam", Boolean.toString(trained)));
      network.setBlock(
          new SequentialBlock()
              .add(loaded.getBlock())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(FashionMnist.CLASSES).build()));
      return encoder;
    } catch (IOException | MalformedModelException | RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /** The whole network. */
  Model network() {
    return network;
  }

  @Override
  public void close() {
    network.close();
    loaded.close();
  }
}
