package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * The network of Moschella et al. (ICLR 2023, section 4.2): what embeds nodes, a projection of the
 * embeddings, and a linear head.
 *
 * <p>Takes the words, N x 1,433, and the links, N x N, both sparse; answers the classes, N x
 * classes, then the output of the monitored layer and of the last graph layer, both N x width. The
 * dropout of the words is for the caller, since the engine has none for sparse arrays.
 */
public final class DeepNetwork extends AbstractBlock {

  private final Block encoder;
  private final Block projection;
  private final Block head;

  /**
   * An untrained network whose head sees embeddings scaled to unit length.
   *
   * @param form what the encoder is made of
   * @param classes how many it distinguishes, at least 2
   */
  public DeepNetwork(DeepEncoder.Form form, int classes) {
    this(
        new DeepEncoder(form),
        LambdaBlock.singleton(embedding -> embedding.normalize(2, 1)),
        Glorot.linear(classes));
  }

  /**
   * An untrained network of three parts.
   *
   * @param encoder from words and links to embeddings
   * @param projection from embeddings to what the head sees
   * @param head from there to the classes; see {@link Glorot#linear}
   */
  @SuppressWarnings("this-escape")
  public DeepNetwork(DeepEncoder encoder, Block projection, Block head) {
    this.encoder = addChildBlock("encoder", encoder);
    this.projection = addChildBlock("projection", projection);
    this.head = addChildBlock("head", head);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDList encoded = encoder.forward(parameters, inputs, training);
    NDArray embedding = encoded.get(0);
    NDList projected = projection.forward(parameters, new NDList(embedding), training);
    NDArray classes = head.forward(parameters, projected, training).head();
    return new NDList(classes, embedding, encoded.get(1));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    encoder.initialize(manager, type, inputs);
    Shape embedding = encoder.getOutputShapes(inputs)[0];
    projection.initialize(manager, type, embedding);
    head.initialize(manager, type, projection.getOutputShapes(new Shape[] {embedding}));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] encoded = encoder.getOutputShapes(inputs);
    Shape[] projected = projection.getOutputShapes(new Shape[] {encoded[0]});
    return new Shape[] {head.getOutputShapes(projected)[0], encoded[0], encoded[1]};
  }
}
