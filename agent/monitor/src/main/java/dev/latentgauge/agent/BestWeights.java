package dev.latentgauge.agent;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.Trainer;
import ai.djl.util.Pair;
import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.probe.ArrayCopy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters and buffers of a model at its best check, in main memory.
 *
 * <p>They are copied and put back as they are, bit for bit. While a copy is made the one before it
 * is still there, so that a failure leaves one; while they are put back, those that they replace
 * are there too. Optimizers keep what they have.
 */
final class BestWeights implements AutoCloseable {

  private static final NDIndex ALL = new NDIndex("...");

  private @Nullable NDManager manager;
  private Map<Parameter, NDArray> copies = new LinkedHashMap<>();
  private @Nullable Best best;

  /**
   * Checks that all that a model learns can be put back.
   *
   * @throws IllegalArgumentException if it has a TorchScript module inside
   */
  static void requireRestorable(Block block) {
    if (block instanceof SymbolBlock) {
      throw new IllegalArgumentException(
          "restoreBest(true) needs a model whose weights can all be put back, but it has a "
              + block.getClass().getSimpleName()
              + ", a TorchScript module, whose moving statistics DJL does not show");
    }
    block.getChildren().values().forEach(BestWeights::requireRestorable);
  }

  /**
   * Copies the weights as they are now, in place of those that are kept; those stay if it fails.
   *
   * @throws IllegalStateException if the trainer does not train the model's own arrays
   */
  void keep(Trainer trainer, Best best) {
    String engine = trainer.getManager().getEngine().getEngineName();
    NDManager fresh = NDManager.newBaseManager(Device.cpu(), engine);
    try {
      Map<Parameter, NDArray> made = new LinkedHashMap<>();
      for (Pair<String, Parameter> pair : trainer.getModel().getBlock().getParameters()) {
        if (pair.getValue().isInitialized()) {
          made.put(pair.getValue(), copy(own(pair, trainer), fresh));
        }
      }
      close();
      manager = fresh;
      copies = made;
      this.best = best;
    } catch (RuntimeException | Error e) {
      fresh.close();
      throw e;
    }
  }

  private static NDArray own(Pair<String, Parameter> parameter, Trainer trainer) {
    NDArray array = parameter.getValue().getArray();
    if (!Arrays.asList(trainer.getDevices()).contains(array.getDevice())) {
      throw new IllegalStateException(
          "the best weights can be kept only of a model that was made on a device that trains, but "
              + parameter.getKey()
              + " is on "
              + array.getDevice());
    }
    return array;
  }

  private static NDArray copy(NDArray array, NDManager manager) {
    try (NDArray copy = ArrayCopy.on(Device.cpu(), array)) {
      NDArray kept = copy.stopGradient();
      kept.attach(manager);
      return kept;
    }
  }

  /** The check whose weights are kept. */
  Optional<Best> best() {
    return Optional.ofNullable(best);
  }

  /**
   * Puts the weights back into the arrays that they came from: all of them, or none if it fails.
   */
  void restore() {
    NDManager kept = manager;
    if (kept == null) {
      return;
    }
    try (NDManager undoing = kept.newSubManager()) {
      Map<Parameter, NDArray> overwritten = new LinkedHashMap<>();
      try {
        for (Map.Entry<Parameter, NDArray> entry : copies.entrySet()) {
          NDArray target = entry.getKey().getArray();
          overwritten.put(entry.getKey(), copy(target, undoing));
          write(entry.getValue(), target);
        }
      } catch (RuntimeException | Error e) {
        overwritten.forEach((parameter, before) -> writeAfter(e, before, parameter));
        throw e;
      }
    }
  }

  private static void writeAfter(Throwable failure, NDArray copy, Parameter parameter) {
    try {
      write(copy, parameter.getArray());
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  /** Writes into an array in place: the optimizer knows no other. */
  private static void write(NDArray copy, NDArray target) {
    boolean learns = target.hasGradient();
    try {
      // The engine refuses to write into what a gradient may be asked of.
      target.setRequiresGradient(false);
      target.set(ALL, copy);
    } finally {
      target.setRequiresGradient(learns);
    }
  }

  @Override
  public void close() {
    if (manager != null) {
      manager.close();
      manager = null;
    }
    copies = new LinkedHashMap<>();
    best = null;
  }
}
