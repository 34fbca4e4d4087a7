package dev.latentgauge.projection;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.latentgauge.relative.RelativeRepresentation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A layer that turns embeddings into relative representations: from n x d to the n x k cosines to
 * the embeddings of k anchors.
 *
 * <p>What stands after it never sees the encoder's own space, whose rotation, reflection and scale
 * differ from training to training. So a head or decoder that was trained behind one encoder works
 * behind another, of any d, whose projection has the same anchors: in a new {@code SequentialBlock}
 * of that encoder, its projection and this head, without further training.
 *
 * <pre>{@code
 * Block projection =
 *     RelativeProjection.builder().embeddedBy(encoder, anchors).normalized(true).build(manager);
 * model.setBlock(new SequentialBlock().add(encoder).add(projection).add(head));
 * }</pre>
 *
 * <p>Where the anchors' embeddings come from:
 *
 * <ul>
 *   <li>{@linkplain Builder#frozen frozen}: they are given once, for encoders that do not learn;
 *   <li>{@linkplain Builder#embeddedBy embedded} by the encoder at every pass, so that they follow
 *       as it learns; this costs a pass of the k anchors beside that of the batch;
 *   <li>{@linkplain Builder#rows rows} of the embeddings that come in, for graphs, where a pass
 *       embeds all nodes.
 * </ul>
 *
 * <p>Frozen embeddings, or the anchors' inputs, are parameters that do not learn: they are saved
 * with the model, once that is initialised, and loaded in place of those that a projection of the
 * same settings was built with, however many these are. Answers in float32, or in float64 if the
 * embeddings are. Gradients flow through the embeddings of the batch, and through those of the
 * anchors only if asked. Not thread-safe in training, as no block is; in evaluation mode any number
 * of threads may use it.
 *
 * @see <a href="https://arxiv.org/abs/2209.15430">Moschella et al., Relative representations enable
 *     zero-shot latent space communication, ICLR 2023</a>
 */
public final class RelativeProjection extends AbstractBlock {

  private static final byte VERSION = 1;

  /** That of layer normalisation, as in the paper's code. */
  private static final double NO_DIVISION_BY_ZERO = 1e-5;

  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  private final Anchors anchors;
  private final boolean centred;
  private final boolean normalized;
  private final boolean anchorGradients;

  private RelativeProjection(Builder builder, Anchors anchors) {
    super(VERSION);
    this.anchors = anchors;
    this.centred = builder.centred;
    this.normalized = builder.normalized;
    this.anchorGradients = builder.anchorGradients;
    anchors.parameters().forEach(this::addParameter);
  }

  /**
   * Begins to describe a projection.
   *
   * @return a builder that does not know its anchors yet
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The same projection with the anchors' embeddings as they are now, for a model that has learnt:
   * it answers the same, without embedding anchors at every pass.
   *
   * @param manager the embeddings live until it is closed
   * @return a projection with frozen anchors; needs no encoder
   * @throws IllegalStateException if the anchors are rows of each input, which cannot be frozen
   */
  public RelativeProjection freeze(NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray embedded = anchors.embed(new ParameterStore(scratch, false), scratch);
      Builder builder = builder().frozen(embedded).centred(centred).normalized(normalized);
      return builder.anchorGradients(anchorGradients).build(manager);
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray embeddings = widened(inputs.singletonOrThrow());
    NDArray coordinates = anchors.of(embeddings, parameters, training && anchorGradients);
    coordinates = coordinates.toType(embeddings.getDataType(), false);
    if (!anchorGradients) {
      coordinates = coordinates.stopGradient();
    }
    if (centred) {
      NDArray centre = coordinates.mean(ALONG_COLUMN, true);
      coordinates = coordinates.sub(centre);
      boolean isEstimated =
          training && !anchorGradients && anchors.follow() && embeddings.getShape().get(0) > 1;
      embeddings = embeddings.sub(isEstimated ? following(centre, embeddings) : centre);
    }
    NDArray relative = RelativeRepresentation.of(coordinates, embeddings);
    return new NDList(normalized ? normalize(relative) : relative);
  }

  /** Half precision has too few digits for a mean to be taken off. */
  private static NDArray widened(NDArray embeddings) {
    return embeddings.getDataType() == DataType.FLOAT64
        ? embeddings
        : embeddings.toType(DataType.FLOAT32, false);
  }

  /**
   * The centre, with a gradient that is estimated from the batch.
   *
   * <p>If gradients took the centre for a constant, a shift of all embeddings would seem to help,
   * and the centre would follow it at the next pass: the encoder would drift for ever, and learn
   * little else. The mean of the batch moves as that of the anchors does, being one of the same
   * kind.
   */
  private static NDArray following(NDArray centre, NDArray embeddings) {
    NDArray mean = embeddings.mean(ALONG_COLUMN, true);
    return centre.add(mean.sub(mean.stopGradient()));
  }

  private static NDArray normalize(NDArray relative) {
    NDArray varying = relative.sub(relative.mean(ALONG_ROW, true));
    NDArray variance = varying.square().mean(ALONG_ROW, true);
    return varying.div(variance.add(NO_DIVISION_BY_ZERO).sqrt());
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    for (Parameter parameter : getDirectParameters().values()) {
      if (!parameter.isInitialized()) {
        throw new IllegalStateException(
            "the anchors of a projection must be given or loaded before it is used");
      }
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), anchors.count())};
  }

  @Override
  protected void saveMetadata(DataOutputStream os) throws IOException {
    saveInputShapes(os);
    os.writeBoolean(centred);
    os.writeBoolean(normalized);
  }

  @Override
  protected void loadMetadata(byte loadVersion, DataInputStream is)
      throws IOException, MalformedModelException {
    if (loadVersion != VERSION) {
      throw new MalformedModelException(
          "a relative projection must have the version "
              + VERSION
              + ", but was saved with "
              + loadVersion);
    }
    readInputShapes(is);
    requireSame("centred", is.readBoolean(), centred);
    requireSame("normalized", is.readBoolean(), normalized);
    // What is loaded takes the place of what was given.
    clear();
  }

  private static void requireSame(String setting, boolean saved, boolean wanted)
      throws MalformedModelException {
    if (saved != wanted) {
      throw new MalformedModelException(
          "the relative projection was saved with "
              + setting
              + " "
              + saved
              + ", but is to be loaded with "
              + wanted);
    }
  }

  /** Describes a projection: which anchors, and what is done before and after the cosines. */
  public static final class Builder {

    private @Nullable Source source;
    private boolean centred;
    private boolean normalized;
    private boolean anchorGradients;

    private Builder() {}

    /**
     * Takes anchors that are embedded already.
     *
     * @param embeddings k x d, from the encoder that stands before the projection; copied when the
     *     projection is built
     * @return this
     */
    public Builder frozen(NDArray embeddings) {
      source = manager -> new Anchors.Frozen(copies(new NDList(embeddings), manager));
      return this;
    }

    /**
     * Takes anchors as inputs, which are embedded at every pass: in evaluation mode, or in the mode
     * of the pass if gradients flow through them.
     *
     * @param encoder the block that stands before the projection and answers n x d; it stays where
     *     it is and is not saved twice
     * @param inputs as the encoder takes them, each array with k rows; copied when the projection
     *     is built
     * @return this
     */
    public Builder embeddedBy(Block encoder, NDList inputs) {
      source = manager -> new Anchors.Embedded(encoder, copies(inputs, manager));
      return this;
    }

    /**
     * Takes rows of the embeddings that come in as anchors.
     *
     * @param rows which, at least one, each at least 0 and below n
     * @return this
     * @throws IllegalArgumentException if one is below 0
     */
    public Builder rows(long... rows) {
      for (long row : rows) {
        if (row < 0) {
          throw new IllegalArgumentException(
              "the rows of anchors must be at least 0, but one is " + row);
        }
      }
      long[] chosen = rows.clone();
      source = manager -> new Anchors.Chosen(new NDList(manager.create(chosen)));
      return this;
    }

    /**
     * Whether the mean of the anchors' embeddings is taken off all embeddings first, so that
     * representations do not change with a shift of the space either. Helps where all embeddings
     * point in about the same direction, as after a ReLU or in sentence encoders.
     *
     * <p>While an encoder learns, and gradients do not flow through its anchors, the gradient of
     * their mean is estimated by that of the batch's mean: batches should be of the same data as
     * the anchors, and of more than a few rows. For a batch of one row it is left out.
     *
     * @param wanted false unless set
     * @return this
     */
    public Builder centred(boolean wanted) {
      centred = wanted;
      return this;
    }

    /**
     * Whether each representation is brought to the mean 0 and the variance 1 over the anchors, as
     * by layer normalisation without weights: cosines that differ little are hard to learn from. As
     * there, 1e-5 is added to the variance, so that cosines which differ by less than some .003
     * stay small; centring them first helps.
     *
     * @param wanted false unless set
     * @return this
     */
    public Builder normalized(boolean wanted) {
      normalized = wanted;
      return this;
    }

    /**
     * Whether gradients flow through the anchors too. With embedded anchors this holds the
     * activations of k more inputs until the backward pass.
     *
     * @param wanted false unless set
     * @return this
     */
    public Builder anchorGradients(boolean wanted) {
      anchorGradients = wanted;
      return this;
    }

    /**
     * Builds the projection.
     *
     * @param manager the copy of the anchors lives until it is closed: that of the model
     * @return the projection
     * @throws IllegalStateException if no anchors were given
     * @throws IllegalArgumentException if frozen embeddings are not a matrix of floating-point
     *     numbers, inputs do not have the same number of rows, or there is none
     */
    public RelativeProjection build(NDManager manager) {
      if (source == null) {
        throw new IllegalStateException(
            "a projection needs anchors: frozen embeddings, inputs with their encoder, or rows");
      }
      return new RelativeProjection(this, source.anchors(manager));
    }

    private static NDList copies(NDList arrays, NDManager manager) {
      NDList copies = new NDList();
      for (NDArray array : arrays) {
        NDArray copy = array.toDevice(manager.getDevice(), false).duplicate();
        copy.attach(manager);
        copies.add(copy);
      }
      return copies;
    }

    /** Makes the anchors once it is known where their copies live. */
    private interface Source {
      Anchors anchors(NDManager manager);
    }
  }
}
