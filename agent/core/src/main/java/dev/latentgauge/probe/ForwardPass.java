package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One evaluation of a model up to its last layer that is asked for, without gradients, that keeps
 * nothing but the outputs of the layers.
 *
 * <p>Layers by a path share the run of every batch, see {@link LayerRun}; each layer by a function
 * has one of its own. TorchScript modules are copied, see {@link ModuleCopy}, once for all layers
 * and batches, and so never run themselves.
 */
final class ForwardPass {

  private static final int BATCH = 256;

  /** Without BFLOAT16, to which DJL 0.36 cannot cast: the engine ends the process. */
  private static final Set<DataType> REAL =
      Set.of(DataType.FLOAT16, DataType.FLOAT32, DataType.FLOAT64);

  private final List<Layer> layers;
  private final Block block;
  private final NDManager target;
  private final Optional<DataType> type;

  /**
   * Checks that the block can be run where it is, and as it is.
   *
   * @param layers the layers whose outputs are the embeddings
   * @param block the block of the model, its parameters on the device of {@code target}
   * @param target receives the outputs, and with them the copies of modules
   * @throws IllegalArgumentException if a parameter is on another device, or if a TorchScript
   *     module is inside the block where it cannot be replaced by a copy
   */
  ForwardPass(List<Layer> layers, Block block, NDManager target) {
    List<Pair<String, Parameter>> initialized =
        block.getParameters().stream()
            .filter(parameter -> parameter.getValue().isInitialized())
            .toList();
    for (Pair<String, Parameter> parameter : initialized) {
      requireDevice(
          target.getDevice(), parameter.getKey(), parameter.getValue().getArray().getDevice());
    }
    this.layers = layers;
    this.block = ModuleCopy.insteadOfModules(block, target);
    this.target = target;
    this.type =
        initialized.stream()
            .map(parameter -> parameter.getValue().getArray().getDataType())
            .filter(REAL::contains)
            .findFirst();
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

  /** Receives the outputs. */
  NDManager target() {
    return target;
  }

  /**
   * Embeds inputs that do not depend on each other, {@value #BATCH} at a time.
   *
   * @param inputs one array an input of the model, each with n rows, on the device
   * @return n x d for each layer, attached to the target
   */
  LayerOutputs inBatches(NDList inputs) {
    LayerOutputs outputs = new LayerOutputs(layers);
    long rows = inputs.head().getShape().get(0);
    try (NDManager scratch = target.newSubManager()) {
      NDList typed = typed(inputs, scratch);
      for (long from = 0; from < rows; from += BATCH) {
        embedBatch(typed, from, Math.min(from + BATCH, rows), outputs, scratch);
      }
      return outputs.joined(target);
    }
  }

  private void embedBatch(
      NDList inputs, long from, long to, LayerOutputs outputs, NDManager scratch) {
    Answers answers = outputs.batch((layer, output) -> layer.pooled(output, to - from), scratch);
    embed(pass -> slice(inputs, from, to, pass), outputs, answers, scratch);
  }

  private static NDList slice(NDList inputs, long from, long to, NDManager pass) {
    NDList batch = new NDList();
    for (NDArray input : inputs) {
      // A copy, since a slice is a view, and the first block may write into it.
      batch.add(input.get(pass, new NDIndex().addSliceDim(from, to)).duplicate());
    }
    return batch;
  }

  /**
   * Embeds one input as a whole.
   *
   * @param input the arrays of the model's input, on the device
   * @param largest the largest row that is needed
   * @return the outputs, each of more than {@code largest} rows, attached to the target
   */
  LayerOutputs atOnce(NDList input, long largest) {
    LayerOutputs outputs = new LayerOutputs(layers);
    try (NDManager scratch = target.newSubManager()) {
      NDList typed = typed(input, scratch);
      Answers answers =
          outputs.batch((layer, output) -> layer.pooledAtOnce(output, largest), scratch);
      embed(pass -> lent(typed, pass), outputs, answers, scratch);
      return outputs.joined(target);
    }
  }

  /** What a block computes belongs to the manager of its input, which thus is lent. */
  private static NDList lent(NDList input, NDManager pass) {
    input.tempAttach(pass);
    return new NDList(input);
  }

  /**
   * The inputs in the type that the model computes in, which may be another than theirs.
   *
   * <p>Once a pass and not once for all: only with the model is the type known, and copies would
   * take memory between passes.
   */
  private NDList typed(NDList inputs, NDManager manager) {
    NDList typed = new NDList();
    for (NDArray input : inputs) {
      typed.add(type.isPresent() ? typed(input, type.get(), manager) : input);
    }
    return typed;
  }

  private static NDArray typed(NDArray input, DataType type, NDManager manager) {
    if (input.getDataType() == type || !REAL.contains(input.getDataType())) {
      return input;
    }
    NDArray typed = input.toType(type, true);
    typed.attach(manager);
    return typed;
  }

  /** Runs the model on one batch, for all layers that have not failed. */
  private void embed(
      Function<NDManager, NDList> inputs, LayerOutputs outputs, Answers answers, NDManager parent) {
    LayerRun run = run(outputs, answers);
    if (run.leadsSomewhere()) {
      try (NDManager pass = parent.newSubManager()) {
        run.run(new ParameterStore(pass, false), inputs.apply(pass), answers);
      }
    }
    for (int layer : outputs.open()) {
      if (layers.get(layer).function().isPresent()) {
        try (NDManager pass = parent.newSubManager()) {
          compute(layer, layers.get(layer).function().get(), inputs.apply(pass), pass, answers);
        }
      }
    }
  }

  private LayerRun run(LayerOutputs outputs, Answers answers) {
    LayerRun run = LayerRun.of(block);
    for (int layer : outputs.open()) {
      if (layers.get(layer).function().isEmpty()) {
        try {
          run.lead(layer, layers.get(layer).path().indices(block));
        } catch (IllegalArgumentException e) {
          answers.fail(layer, e);
        }
      }
    }
    return run;
  }

  private void compute(
      int layer, Layer.Embedding function, NDList inputs, NDManager pass, Answers answers) {
    try {
      NDArray output = function.embed(block, new ParameterStore(pass, false), inputs);
      answers.answer(layer, new NDList(output));
    } catch (RuntimeException e) {
      answers.fail(layer, e);
    }
  }
}
