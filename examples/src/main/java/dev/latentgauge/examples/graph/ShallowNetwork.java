package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * The network of Kipf and Welling (ICLR 2017): two graph convolutions with the positive part and
 * dropout between them.
 *
 * <p>Takes the words, N x 1,433, and the links, N x N, both sparse; answers the classes, N x
 * classes, then the output of the first convolution before and after taking its positive part, both
 * N x width. The dropout of the words is for the caller, see {@link Words#thinned}.
 */
public final class ShallowNetwork extends AbstractBlock {

  private final int width;
  private final Block encoder;
  private final Block dropout;
  private final Block head;

  /**
   * An untrained network.
   *
   * @param width units between the convolutions, at least 1
   * @param dropout probability, at least 0 and below 1
   * @param classes how many it distinguishes, at least 2
   */
  @SuppressWarnings("this-escape")
  public ShallowNetwork(int width, double dropout, int classes) {
    this.width = width;
    encoder = addChildBlock("encoder", new SparseLinear(width));
    this.dropout = addChildBlock("dropout", Dropout.builder().optRate((float) dropout).build());
    head = addChildBlock("head", new SparseLinear(classes));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray embedding = encoder.forward(parameters, inputs, training).head();
    NDArray active = Activation.relu(embedding);
    NDArray thinned = dropout.forward(parameters, new NDList(active), training).head();
    NDList classes = head.forward(parameters, new NDList(thinned, inputs.get(1)), training);
    return new NDList(classes.head(), embedding, active);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape inner = new Shape(inputs[0].get(0), width);
    encoder.initialize(manager, type, inputs);
    dropout.initialize(manager, type, inner);
    head.initialize(manager, type, inner, inputs[1]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape inner = new Shape(inputs[0].get(0), width);
    return new Shape[] {head.getOutputShapes(new Shape[] {inner, inputs[1]})[0], inner, inner};
  }
}
