package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A probe set as arrays with names, see {@link ProbeSet#arrays}.
 *
 * @param arrays other names may be among them, and mean nothing here
 */
record ProbeArrays(Map<String, NDArray> arrays) {

  static final String ANCHORS = "anchors.";
  static final String PROBES = "probes.";
  static final String INPUT = "input.";
  static final String SPARSE = "sparse_input.";
  static final String ANCHOR_ROWS = "anchor_rows";
  static final String PROBE_ROWS = "probe_rows";

  /** How many times as large as dense a sparse array may be: a full float32 matrix is 5 times. */
  private static final long LARGEST_GROWTH = 5;

  private static final long SPARSE_ALLOWANCE = 1 << 20;

  /** What the arrays of a probe set are called. */
  static final Pattern NAME =
      Pattern.compile("(anchors|probes|input|sparse_input)\\.[0-9]+|(anchor|probe)_rows");

  /**
   * Reads and copies the inputs.
   *
   * @throws IllegalArgumentException if they do not make a probe set
   */
  ProbeInputs inputs(NDManager manager) {
    boolean separate = has(ANCHORS, PROBES);
    boolean rows = has(INPUT, SPARSE, ANCHOR_ROWS, PROBE_ROWS);
    if (separate == rows) {
      throw new IllegalArgumentException(
          "the arrays of a probe set must be either anchors.0, probes.0 and so on, or input.0 and"
              + " so on, anchor_rows and probe_rows, but are "
              + arrays.keySet().stream().sorted().toList());
    }
    if (separate) {
      return SeparateInputs.copyOf(numbered(ANCHORS), numbered(PROBES), manager);
    }
    try (NDManager scratch = manager.newSubManager()) {
      return RowsOfInput.copyOf(input(scratch), rows(ANCHOR_ROWS), rows(PROBE_ROWS), manager);
    }
  }

  private boolean has(String... starts) {
    return arrays.keySet().stream().anyMatch(name -> Stream.of(starts).anyMatch(name::startsWith));
  }

  private NDList numbered(String start) {
    NDList numbered = new NDList();
    for (int i = 0; arrays.containsKey(start + i); i++) {
      numbered.add(arrays.get(start + i));
    }
    requireAll(numbered, start);
    return numbered;
  }

  private static long countNonzero(NDArray dense) {
    try (NDArray count = dense.neq(0).sum()) {
      return count.getLong();
    }
  }

  private NDList input(NDManager scratch) {
    NDList input = new NDList();
    for (int i = 0; ; i++) {
      NDArray dense = arrays.get(INPUT + i);
      NDArray sparse = arrays.get(SPARSE + i);
      if (dense != null) {
        input.add(dense);
      } else if (sparse != null) {
        input.add(toSparse(sparse, scratch));
      } else {
        requireAll(input, INPUT, SPARSE);
        return input;
      }
    }
  }

  /** In a file a sparse array is dense; what is small there must not become large here. */
  private static NDArray toSparse(NDArray dense, NDManager scratch) {
    long numbers = countNonzero(dense);
    int bytes = dense.getDataType().getNumOfBytes();
    long room = numbers * (dense.getShape().dimension() * (long) Long.BYTES + bytes);
    if (room > SPARSE_ALLOWANCE + LARGEST_GROWTH * dense.getShape().size() * bytes) {
      throw new IllegalArgumentException(
          "a sparse input must be sparse, but "
              + numbers
              + " numbers of "
              + dense.getDataType()
              + dense.getShape()
              + " are not zero");
    }
    NDArray sparse = dense.toSparse(SparseFormat.COO);
    sparse.attach(scratch);
    return sparse;
  }

  private void requireAll(NDList found, String... starts) {
    String[] named =
        arrays.keySet().stream()
            .filter(name -> Stream.of(starts).anyMatch(name::startsWith))
            .sorted()
            .toArray(String[]::new);
    if (named.length != found.size()) {
      throw new IllegalArgumentException(
          "the arrays of a probe set must be numbered from 0 without gaps, but are "
              + Arrays.toString(named));
    }
  }

  private int[] rows(String name) {
    NDArray rows = arrays.get(name);
    if (rows == null
        || rows.getDataType() != DataType.INT64
        || rows.getShape().dimension() != 1
        || rows.getShape().size() == 0) {
      throw new IllegalArgumentException(
          "the array "
              + name
              + " must be a vector of int64, but is "
              + (rows == null ? "absent" : rows.getDataType().toString() + rows.getShape()));
    }
    return Arrays.stream(rows.toLongArray()).mapToInt(row -> toInt(name, row)).toArray();
  }

  private static int toInt(String name, long row) {
    if (row < 0 || row > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the array " + name + " must have numbers from 0 to 2147483647, but has " + row);
    }
    return (int) row;
  }
}
