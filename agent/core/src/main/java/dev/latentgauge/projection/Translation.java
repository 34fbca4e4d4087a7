package dev.latentgauge.projection;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A layer that takes embeddings of one model to where another model would have put them: an affine
 * map, found from the embeddings that both make of the same few inputs, parallel anchors.
 *
 * <p>For models that exist already and were not trained on relative representations: the encoder of
 * the one, this, and the head of the other, in a {@code SequentialBlock}, without further training.
 * The map is a parameter that does not learn; it is saved with the model, once that is initialised,
 * and loaded into one of {@link #unknown}. Gradients flow through it to what comes in.
 *
 * <p>Computed in float64 on the device of the anchors, in O(k d² + d³) time, and kept in the type
 * of the target's embeddings, float32 at least.
 *
 * @see <a href="https://arxiv.org/abs/2311.00664">Maiorca et al., Latent space translation via
 *     semantic alignment, NeurIPS 2023</a>
 */
public final class Translation extends AbstractBlock {

  private static final byte VERSION = 1;
  private static final String MATRIX = "matrix";
  private static final String OFFSET = "offset";

  /** Of the variance; less is lost to rounding where k is below d. */
  private static final double SMALLEST_RIDGE = 1e-12;

  private static final int[] ALONG_COLUMN = {0};

  private final Parameter matrix;
  private final Parameter offset;

  private Translation(Parameter matrix, Parameter offset) {
    super(VERSION);
    this.matrix = addParameter(matrix);
    this.offset = addParameter(offset);
  }

  /**
   * A translation to be loaded with a model.
   *
   * @return a block that cannot be used before its parameters were loaded
   */
  public static Translation unknown() {
    return new Translation(Constants.unknown(MATRIX), Constants.unknown(OFFSET));
  }

  /**
   * The rotation or reflection, scale and shift that bring anchors closest to their counterparts by
   * least squares: orthogonal Procrustes analysis (Schönemann 1966).
   *
   * <p>Where the spaces differ in d, or the anchors do not span them, directions that have no
   * counterpart are dropped, as are those in which anchors vary by less than about 1e-5 of what
   * they do in the first, in both spaces.
   *
   * @param from k x d embeddings of the anchors by the model that is translated from
   * @param to k x d' embeddings of the same anchors, in the same order, by the other model
   * @return the translation, whose arrays are attached to the manager of {@code to}
   * @throws IllegalArgumentException if these are not two matrices of floating-point numbers with
   *     the same number of rows, at least 2; if all rows of one are the same, or the two have
   *     nothing in common
   */
  public static Translation orthogonal(NDArray from, NDArray to) {
    try (Pair pair = new Pair(from, to)) {
      NDArray cross = pair.from().transpose().matMul(pair.to());
      if (!(cross.abs().max().getDouble() > 0)) {
        throw new IllegalArgumentException(
            "the two spaces must have something in common, but the embeddings of their anchors are"
                + " uncorrelated");
      }
      NDArray rotation = PolarFactor.of(cross);
      NDArray scale = rotation.mul(cross).sum().div(pair.from().square().sum());
      return pair.translation(rotation.mul(scale), to);
    }
  }

  /**
   * The affine map that brings anchors closest to their counterparts by least squares, with a ridge
   * that keeps it from following noise.
   *
   * @param from k x d embeddings of the anchors by the model that is translated from
   * @param to k x d' embeddings of the same anchors, in the same order, by the other model
   * @param ridge the penalty on large weights, as a share of the mean variance of the d dimensions:
   *     from 1e-12 to 1000; 0.1 is a start, more where k is not much larger than d
   * @return the translation, whose arrays are attached to the manager of {@code to}
   * @throws IllegalArgumentException if these are not two matrices of floating-point numbers with
   *     the same number of rows, at least 2; if all rows of one are the same, or the ridge is out
   *     of range
   */
  public static Translation leastSquares(NDArray from, NDArray to, double ridge) {
    if (!(ridge >= SMALLEST_RIDGE && ridge <= 1000)) {
      throw new IllegalArgumentException(
          "the ridge must be from " + SMALLEST_RIDGE + " to 1000, but is " + ridge);
    }
    try (Pair pair = new Pair(from, to)) {
      long d = pair.from().getShape().get(1);
      NDArray products = pair.from().transpose().matMul(pair.from());
      NDArray penalty = pair.from().square().sum().mul(ridge / d);
      NDArray identity = pair.scratch().eye((int) d).toType(DataType.FLOAT64, false);
      NDArray inverse = products.add(identity.mul(penalty)).inverse();
      NDArray cross = pair.from().transpose().matMul(pair.to());
      return pair.translation(inverse.matMul(cross), to);
    }
  }

  /** Parallel anchors, each around its mean, in float64; closing it frees what was computed. */
  private static final class Pair implements AutoCloseable {

    private final NDManager scratch;
    private final NDArray fromMean;
    private final NDArray toMean;
    private final NDArray from;
    private final NDArray to;

    Pair(NDArray from, NDArray to) {
      Constants.requireMatrix("the embeddings that are translated", from);
      Constants.requireMatrix("their counterparts", to);
      if (from.getShape().get(0) != to.getShape().get(0) || from.getShape().get(0) < 2) {
        throw new IllegalArgumentException(
            "anchors must be parallel, row by row, and at least 2, but there are %d and %d"
                .formatted(from.getShape().get(0), to.getShape().get(0)));
      }
      scratch = to.getManager().newSubManager();
      try {
        NDArray wideFrom = wide(from);
        NDArray wideTo = wide(to);
        fromMean = wideFrom.mean(ALONG_COLUMN, true);
        toMean = wideTo.mean(ALONG_COLUMN, true);
        this.from = wideFrom.sub(fromMean);
        this.to = wideTo.sub(toMean);
        requireVariation("the embeddings that are translated", this.from);
        requireVariation("their counterparts", this.to);
      } catch (RuntimeException e) {
        scratch.close();
        throw e;
      }
    }

    private NDArray wide(NDArray array) {
      NDArray copy = array.toType(DataType.FLOAT64, true);
      copy.attach(scratch);
      return copy;
    }

    NDManager scratch() {
      return scratch;
    }

    NDArray from() {
      return from;
    }

    NDArray to() {
      return to;
    }

    /** The map by a matrix of d x d' that takes the one mean to the other. */
    Translation translation(NDArray matrix, NDArray target) {
      NDArray offset = toMean.sub(fromMean.matMul(matrix));
      DataType type =
          target.getDataType() == DataType.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
      NDArray keptMatrix = matrix.toType(type, true);
      NDArray keptOffset = offset.toType(type, true);
      keptMatrix.attach(target.getManager());
      keptOffset.attach(target.getManager());
      return new Translation(Constants.of(MATRIX, keptMatrix), Constants.of(OFFSET, keptOffset));
    }

    @Override
    public void close() {
      scratch.close();
    }
  }

  private static void requireVariation(String what, NDArray centred) {
    double variation = centred.square().sum().getDouble();
    if (!(variation > 0 && variation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          what + " must be finite and differ from anchor to anchor, but do not");
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray embeddings = inputs.singletonOrThrow();
    NDArray map = parameters.getValue(matrix, embeddings.getDevice(), training);
    NDArray shift = parameters.getValue(offset, embeddings.getDevice(), training);
    return new NDList(embeddings.toType(map.getDataType(), false).matMul(map).add(shift));
  }

  /**
   * Translates embeddings.
   *
   * @param embeddings n x d, on the device of this
   * @return n x d', attached to the manager of {@code embeddings}
   */
  public NDArray of(NDArray embeddings) {
    ParameterStore parameters = new ParameterStore(embeddings.getManager(), false);
    return forwardInternal(parameters, new NDList(embeddings), false, null).singletonOrThrow();
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    if (!matrix.isInitialized() || !offset.isInitialized()) {
      throw new IllegalStateException("a translation must be found or loaded before it is used");
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), matrix.getShape().get(1))};
  }

  @Override
  protected void loadMetadata(byte loadVersion, DataInputStream is)
      throws IOException, MalformedModelException {
    super.loadMetadata(loadVersion, is);
    // What is loaded takes the place of what was given.
    clear();
  }
}
