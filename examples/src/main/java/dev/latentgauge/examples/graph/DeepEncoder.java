package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What embeds the nodes of a graph in a {@link DeepNetwork}: a linear map of the words, many graph
 * layers, each of them dropout, convolution and activation, and the linear layer that is monitored.
 *
 * <p>Takes the words, N x 1,433, and the links, N x N, both sparse; answers the output of the
 * monitored layer and of the last graph layer, both N x width. The dropout of the words is for the
 * caller, since the engine has none for sparse arrays.
 */
public final class DeepEncoder extends AbstractBlock {

  /** The graph layers that there are. */
  public enum Convolution {
    /** GCNII: the links are averages of neighbours. */
    GCN2(Links.AVERAGE),
    /** The graph isomorphism network: the links are sums of neighbours. */
    GIN(Links.SUM),
    /** The graph convolutional network: the links are averages of neighbours and node. */
    GCN(Links.AVERAGE_WITH_SELF);

    private final Links links;

    Convolution(Links links) {
      this.links = links;
    }

    /**
     * What such a layer multiplies with.
     *
     * @return the links that belong to it
     */
    public Links links() {
      return links;
    }
  }

  /**
   * What distinguishes one from another.
   *
   * @param convolution the kind of graph layer
   * @param layers how many of them, at least 1
   * @param width units of every layer, at least 1
   * @param dropout probability, at least 0 and below 1
   * @param hidden activation of the linear map of the words
   * @param convolved activation of the graph layers
   */
  public record Form(
      Convolution convolution,
      int layers,
      int width,
      double dropout,
      Activity hidden,
      Activity convolved) {}

  private final Form form;
  private final Block words;
  private final Block dropout;
  private final List<Block> layers;
  private final Block encoder;

  /**
   * An untrained encoder.
   *
   * @param form what it is made of
   */
  @SuppressWarnings("this-escape")
  public DeepEncoder(Form form) {
    this.form = form;
    words = addChildBlock("words", new SparseLinear(form.width()));
    dropout = addChildBlock("dropout", Dropout.builder().optRate((float) form.dropout()).build());
    layers = new ArrayList<>();
    for (int l = 1; l <= form.layers(); l++) {
      layers.add(addChildBlock("graph" + l, layer(l)));
    }
    encoder = addChildBlock("encoder", Glorot.linear(form.width()));
  }

  private Block layer(int l) {
    return switch (form.convolution()) {
      case GCN2 -> new Gcn2Layer(l);
      case GIN -> new GinLayer(form.width());
      case GCN -> new GcnLayer(form.width());
    };
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray links = inputs.get(1);
    NDArray initial =
        form.hidden().of(words.forward(parameters, new NDList(inputs.get(0)), training).head());
    NDArray x = initial;
    for (Block layer : layers) {
      NDArray thinned = dropout.forward(parameters, new NDList(x), training).head();
      NDList convolved = layer.forward(parameters, new NDList(thinned, initial, links), training);
      x = form.convolved().of(convolved.head());
    }
    NDArray embedding = encoder.forward(parameters, new NDList(x), training).head();
    return new NDList(embedding, x);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape inner = new Shape(inputs[0].get(0), form.width());
    words.initialize(manager, type, inputs[0]);
    dropout.initialize(manager, type, inner);
    layers.forEach(layer -> layer.initialize(manager, type, inner, inner, inputs[1]));
    encoder.initialize(manager, type, inner);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape inner = new Shape(inputs[0].get(0), form.width());
    return new Shape[] {inner, inner};
  }
}
