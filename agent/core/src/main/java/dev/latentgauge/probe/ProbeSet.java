package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Anchors and probes: unlabelled inputs, chosen once and then fixed.
 *
 * <p>Anchors are the coordinates, probes are what is described in them. No input is both: an anchor
 * among the probes describes itself with a cosine of one whatever the model has learned. No input
 * is there twice either, since a probe that matches another is not chance, and an anchor that
 * equals another is a coordinate counted double. The inputs should be ones that no run trains on.
 *
 * <p>A model embeds most inputs one by one, and those are {@linkplain #of arrays of anchors and of
 * probes}. A graph it embeds as a whole; then anchors and probes are {@linkplain #rows nodes}, told
 * apart by their numbers and not by their features, and all of the graph is kept.
 *
 * <p>Kept in main memory, whatever device the models are on. Not thread-safe.
 */
public final class ProbeSet implements AutoCloseable {

  private final NDManager manager;
  private final ProbeInputs inputs;
  private final String fingerprint;

  private ProbeSet(NDManager manager, ProbeInputs inputs) {
    this.manager = manager;
    this.inputs = inputs;
    this.fingerprint = inputs.fingerprint();
  }

  private static ProbeSet holding(Function<NDManager, ProbeInputs> inputs) {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try {
      return new ProbeSet(manager, inputs.apply(manager));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Draws anchors and probes from a data set, without reading its labels.
   *
   * <p>The same data, numbers and seed always give the same inputs. An input that occurs more than
   * once in the data is drawn at most once. The data set's transformations are applied, so they
   * should not be random ones.
   *
   * @param dataset inputs that no run trains on, of one or several arrays
   * @param anchors k, at least 1; 128 is a good choice
   * @param probes n, at least 3; 512 is a good choice
   * @param seed the seed of the draw
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if a number is too small, if the data set has fewer than k + n
   *     different inputs, or if its inputs differ in shape
   * @throws UncheckedIOException if the data set cannot be read
   */
  public static ProbeSet sample(RandomAccessDataset dataset, int anchors, int probes, long seed) {
    return sample(dataset, anchors, probes, seed, new AnchorSelection.Uniform());
  }

  /**
   * Draws anchors and probes from a data set, without reading its labels, and chooses the anchors
   * in a given way.
   *
   * <p>The probes are drawn uniformly, the same ones for every selection.
   *
   * @param dataset inputs that no run trains on, of one or several arrays
   * @param anchors k, at least 1; 128 is a good choice
   * @param probes n, at least 3; 512 is a good choice
   * @param seed the seed of the draw
   * @param selection how the anchors are chosen; it reads up to 8·k more inputs unless uniform, and
   *     fewer where the data set has no more
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if a number is too small, if the data set has fewer than k + n
   *     different inputs, if its inputs differ in shape, or if the selection's model cannot embed
   *     them or gives fewer than k of the candidates a direction
   * @throws UncheckedIOException if the data set cannot be read
   */
  public static ProbeSet sample(
      RandomAccessDataset dataset, int anchors, int probes, long seed, AnchorSelection selection) {
    ProbeDraw draw = new ProbeDraw(anchors, probes, seed, selection);
    try (NDManager scratch = NDManager.newBaseManager(Device.cpu())) {
      return drawn(DistinctInputs.read(dataset, draw, scratch), draw);
    }
  }

  /** Copies what is drawn of at least as many inputs as the draw needs. */
  static ProbeSet drawn(DistinctInputs inputs, ProbeDraw draw) {
    int[] anchorPositions = draw.anchorPositions(inputs.count(), inputs::embed);
    return holding(
        manager ->
            new SeparateInputs(
                inputs.at(anchorPositions, manager), inputs.at(draw.probePositions(), manager)));
  }

  /**
   * Takes given inputs.
   *
   * @param anchors one array an input of the model, each with k rows; copied
   * @param probes one array an input of the model, each with n rows; copied
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if k is below 1 or n below 3, if the arrays do not fit each
   *     other, or if an input is there twice
   */
  public static ProbeSet of(NDList anchors, NDList probes) {
    return holding(manager -> SeparateInputs.copyOf(anchors, probes, manager));
  }

  /**
   * Takes rows of one input, such as nodes of a graph: the model is run on the whole input, and its
   * output, one row a node, is taken at the anchors and the probes.
   *
   * @param input what the model is run on, such as the features of all nodes and the edges; its
   *     arrays may differ in their numbers of rows, and be sparse; copied
   * @param anchorRows the k nodes that are anchors, counted from 0; that the output has them shows
   *     when it is computed
   * @param probeRows the n nodes that are probes
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if k is below 1 or n below 3, if a row is negative or there
   *     twice, or if the input is empty
   */
  public static ProbeSet rows(NDList input, int[] anchorRows, int[] probeRows) {
    return holding(manager -> RowsOfInput.copyOf(input, anchorRows, probeRows, manager));
  }

  /**
   * Draws rows of one input, such as nodes of a graph, all of them equally likely.
   *
   * @param input what the model is run on, see {@link #rows}
   * @param count how many rows there are to draw from, such as the number of nodes
   * @param anchors k, at least 1
   * @param probes n, at least 3
   * @param seed the seed of the draw
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if a number is too small, or {@code count} below k + n
   */
  public static ProbeSet sampleRows(NDList input, int count, int anchors, int probes, long seed) {
    return sampleRows(input, count, anchors, probes, seed, new AnchorSelection.Uniform());
  }

  /**
   * Draws rows of one input, such as nodes of a graph, and chooses the anchors in a given way.
   *
   * @param input what the model is run on, see {@link #rows}
   * @param count how many rows there are to draw from, such as the number of nodes
   * @param anchors k, at least 1
   * @param probes n, at least 3; drawn uniformly, the same ones for every selection
   * @param seed the seed of the draw
   * @param selection how the anchors are chosen
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if a number is too small, if {@code count} is below k + n, or
   *     if the selection's model cannot embed the input or gives fewer than k of the candidates a
   *     direction
   */
  public static ProbeSet sampleRows(
      NDList input, int count, int anchors, int probes, long seed, AnchorSelection selection) {
    ProbeDraw draw = new ProbeDraw(anchors, probes, seed, selection);
    if (count < draw.least()) {
      throw new IllegalArgumentException(
          "there must be at least "
              + draw.least()
              + " rows (anchors and probes), but are "
              + count);
    }
    int[] drawn = draw.order(count).limit(draw.most()).mapToInt(Math::toIntExact).toArray();
    int[] anchorPositions =
        draw.anchorPositions(
            drawn.length,
            (positions, pass) -> RowsOfInput.embed(input, at(drawn, positions), pass));
    return rows(input, at(drawn, anchorPositions), at(drawn, draw.probePositions()));
  }

  private static int[] at(int[] rows, int[] positions) {
    return Arrays.stream(positions).map(position -> rows[position]).toArray();
  }

  /**
   * The probe set that {@link #arrays} described.
   *
   * @param arrays copied; arrays of other names are left alone
   * @return the probe set, to be closed, with the same fingerprint
   * @throws IllegalArgumentException if the arrays do not make a probe set
   */
  public static ProbeSet ofArrays(Map<String, NDArray> arrays) {
    return holding(new ProbeArrays(arrays)::inputs);
  }

  /**
   * Whether an array is part of a probe set in a file.
   *
   * @param name the name of the array
   * @return true if {@link #arrays} may give an array that name
   */
  public static boolean hasArray(String name) {
    return ProbeArrays.NAME.matcher(name).matches();
  }

  /**
   * Everything that makes the probe set, for files.
   *
   * <p>Of inputs that are embedded one by one: {@code anchors.0}, {@code probes.0} and so on, one
   * pair an input of the model. Of rows of one input: {@code input.0} and so on, one an array; an
   * array that is sparse is given as the dense {@code sparse_input.0} instead; and {@code
   * anchor_rows} and {@code probe_rows}, vectors of int64.
   *
   * @return arrays by name, in main memory; not to be changed, and closed with the probe set
   */
  public SortedMap<String, NDArray> arrays() {
    return inputs.arrays();
  }

  ProbeInputs inputs() {
    return inputs;
  }

  /**
   * The inputs that are the coordinates.
   *
   * @return one array an input of the model, each with k rows; not to be changed
   * @throws IllegalStateException if the anchors are rows of one input; see {@link #arrays}
   */
  public NDList anchors() {
    return separate().anchors();
  }

  /**
   * The inputs that are described.
   *
   * @return one array an input of the model, each with n rows; not to be changed
   * @throws IllegalStateException if the probes are rows of one input; see {@link #arrays}
   */
  public NDList probes() {
    return separate().probes();
  }

  private SeparateInputs separate() {
    if (inputs instanceof SeparateInputs separate) {
      return separate;
    }
    throw new IllegalStateException(
        "anchors and probes must be inputs of their own to be given as such, but are rows of one"
            + " input");
  }

  /**
   * The number of anchors.
   *
   * @return k
   */
  public int anchorCount() {
    return inputs.anchorRows().length;
  }

  /**
   * The number of probes.
   *
   * @return n
   */
  public int probeCount() {
    return inputs.probeRows().length;
  }

  /**
   * Tells probe sets apart by their contents.
   *
   * @return 64 hexadecimal digits, the SHA-256 of types, shapes and numbers, and of the rows where
   *     the probe set has such
   */
  public String fingerprint() {
    return fingerprint;
  }

  /** Releases the inputs. */
  @Override
  public void close() {
    manager.close();
  }
}
