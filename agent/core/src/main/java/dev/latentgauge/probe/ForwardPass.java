package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;

/**
 * One evaluation of a model up to a layer, without gradients, that keeps nothing but the output.
 *
 * <p>TorchScript modules are copied, see {@link ModuleCopy}, and so never run themselves.
 *
 * @param layer the layer whose output is the embedding
 * @param block the block of the model, its parameters on the device of {@code target}
 * @param target receives the output, and with it the copies
 */
record ForwardPass(Layer layer, Block block, NDManager target) {

  private static final int BATCH = 256;

  /**
   * Checks that the block can be run where it is, and as it is.
   *
   * @throws IllegalArgumentException if a parameter is on another device, or if a TorchScript
   *     module is inside the block where it cannot be replaced by a copy
   */
  ForwardPass {
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      if (parameter.getValue().isInitialized()) {
        requireDevice(
            target.getDevice(), parameter.getKey(), parameter.getValue().getArray().getDevice());
      }
    }
    block = ModuleCopy.insteadOfModules(block, target);
  }

  private static void requireDevice(Device expected, String parameter, Device actual) {
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          "the parameters of the model must be on "
              + expected
              + ", where it is to embed, but "
              + parameter
              + " is on "
              + actual);
    }
  }

  /**
   * Embeds inputs that do not depend on each other, {@value #BATCH} at a time.
   *
   * @param inputs one array an input of the model, each with n rows, on the device
   * @return n x d, attached to the target
   */
  NDArray inBatches(NDList inputs) {
    long rows = inputs.head().getShape().get(0);
    try (NDManager scratch = target.newSubManager()) {
      NDList batches = new NDList();
      for (long from = 0; from < rows; from += BATCH) {
        batches.add(batch(inputs, from, Math.min(from + BATCH, rows), scratch));
      }
      return kept(NDArrays.concat(batches), target);
    }
  }

  private NDArray batch(NDList inputs, long from, long to, NDManager scratch) {
    try (NDManager pass = scratch.newSubManager()) {
      NDList batch = new NDList();
      for (NDArray input : inputs) {
        batch.add(input.get(pass, new NDIndex().addSliceDim(from, to)));
      }
      return kept(layer.embed(block, new ParameterStore(pass, false), batch), scratch);
    }
  }

  /**
   * Embeds one input as a whole.
   *
   * @param input the arrays of the model's input, on the device
   * @param largest the largest row that is needed
   * @return the output, of more than {@code largest} rows, attached to the target
   */
  NDArray atOnce(NDList input, long largest) {
    try (NDManager pass = target.newSubManager()) {
      // What a block computes belongs to the manager of its input, which thus is lent.
      input.tempAttach(pass);
      return kept(
          layer.embedAtOnce(block, new ParameterStore(pass, false), new NDList(input), largest),
          target);
    }
  }

  private static NDArray kept(NDArray output, NDManager manager) {
    NDArray kept = output.stopGradient();
    kept.attach(manager);
    return kept;
  }
}
