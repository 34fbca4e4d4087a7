package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One input that is embedded as a whole, as a graph is, and the rows of the output that count.
 *
 * <p>DJL can neither list the entries of a sparse array nor write them, so that of a sparse array a
 * dense copy is kept as well.
 */
final class RowsOfInput implements ProbeInputs {

  private final NDList input;
  private final NDList dense;
  private final NDArray anchorRows;
  private final NDArray probeRows;
  private final long largest;

  private RowsOfInput(NDList input, NDList dense, NDArray anchorRows, NDArray probeRows) {
    this.input = input;
    this.dense = dense;
    this.anchorRows = anchorRows;
    this.probeRows = probeRows;
    this.largest = IntStream.concat(ints(anchorRows), ints(probeRows)).max().orElseThrow();
  }

  /**
   * Checks and copies an input and its rows.
   *
   * @throws IllegalArgumentException if they do not make a probe set
   */
  static RowsOfInput copyOf(NDList input, int[] anchorRows, int[] probeRows, NDManager manager) {
    ProbeInputs.requireCounts(anchorRows.length, probeRows.length);
    requireNumbers(input);
    requireNotNegative("anchor ", anchorRows);
    requireNotNegative("probe ", probeRows);
    ProbeInputs.requireDifferent(
        boxed(anchorRows), boxed(probeRows), row -> ", since both are row " + row);
    NDList copies = new NDList();
    NDList dense = new NDList();
    for (NDArray array : input) {
      NDArray copy = ArrayCopy.on(Device.cpu(), array);
      copies.add(copy);
      dense.add(copy.isSparse() ? copy.toDense() : copy);
    }
    copies.attach(manager);
    dense.attach(manager);
    return new RowsOfInput(
        copies, dense, indices(anchorRows, manager), indices(probeRows, manager));
  }

  /** The rows as an array that indexes others. */
  static NDArray indices(int[] rows, NDManager manager) {
    return manager.create(Arrays.stream(rows).asLongStream().toArray());
  }

  private static void requireNumbers(NDList input) {
    if (input.isEmpty()) {
      throw new IllegalArgumentException("the input must have at least one array, but has none");
    }
    for (int i = 0; i < input.size(); i++) {
      if (input.get(i).getShape().size() == 0) {
        throw new IllegalArgumentException(
            "every array of the input must have at least one number, but array "
                + i
                + " has shape "
                + input.get(i).getShape());
      }
    }
  }

  private static void requireNotNegative(String role, int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0) {
        throw new IllegalArgumentException(
            "rows are counted from 0, but " + role + i + " is row " + rows[i]);
      }
    }
  }

  private static List<Integer> boxed(int[] rows) {
    return Arrays.stream(rows).boxed().toList();
  }

  private static IntStream ints(NDArray rows) {
    return Arrays.stream(rows.toLongArray()).mapToInt(Math::toIntExact);
  }

  @Override
  public int[] anchorRows() {
    return ints(anchorRows).toArray();
  }

  @Override
  public int[] probeRows() {
    return ints(probeRows).toArray();
  }

  @Override
  public SortedMap<String, NDArray> arrays() {
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    for (int i = 0; i < dense.size(); i++) {
      arrays.put(
          (input.get(i).isSparse() ? ProbeArrays.SPARSE : ProbeArrays.INPUT) + i, dense.get(i));
    }
    arrays.put(ProbeArrays.ANCHOR_ROWS, anchorRows);
    arrays.put(ProbeArrays.PROBE_ROWS, probeRows);
    return arrays;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(List.of(dense, new NDList(anchorRows), new NDList(probeRows)));
  }

  @Override
  public NDList load(NDManager manager) {
    return load(input, manager);
  }

  private static NDList load(NDList input, NDManager manager) {
    NDList loaded = new NDList();
    for (NDArray array : input) {
      loaded.add(ArrayCopy.on(manager.getDevice(), array));
    }
    loaded.attach(manager);
    return loaded;
  }

  /** Embeds some rows of an input, see {@link ProbeDraw.Embedding}. */
  static NDArray embed(NDList input, int[] rows, ForwardPass pass) {
    requireNumbers(input);
    NDList loaded = load(input, pass.target());
    NDArray output = pass.atOnce(loaded, Arrays.stream(rows).max().orElseThrow()).rows(0);
    return output.get(indices(rows, pass.target()));
  }

  @Override
  public LayerOutputs embed(ForwardPass pass, NDList loaded) {
    return pass.atOnce(loaded, largest);
  }
}
