package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Inputs of which each is embedded by itself, one row an input.
 *
 * @param anchors one array an input of the model, each with k rows, in main memory
 * @param probes the same arrays, each with n rows
 */
record SeparateInputs(NDList anchors, NDList probes) implements ProbeInputs {

  /**
   * Checks and copies inputs.
   *
   * @throws IllegalArgumentException if they do not make a probe set
   */
  static SeparateInputs copyOf(NDList anchors, NDList probes, NDManager manager) {
    requireArrays(anchors, probes);
    requireRows("anchors", anchors);
    requireRows("probes", probes);
    ProbeInputs.requireCounts(rows(anchors), rows(probes));
    for (int i = 0; i < anchors.size(); i++) {
      requireFit(i, anchors.get(i), probes.get(i));
    }
    ProbeInputs.requireDifferent(
        Fingerprint.ofRows(anchors), Fingerprint.ofRows(probes), fingerprint -> "");
    return new SeparateInputs(copy(anchors, manager), copy(probes, manager));
  }

  private static NDList copy(NDList arrays, NDManager manager) {
    NDList copies = new NDList();
    for (NDArray array : arrays) {
      copies.add(ArrayCopy.on(Device.cpu(), array));
    }
    copies.attach(manager);
    return copies;
  }

  private static void requireArrays(NDList anchors, NDList probes) {
    if (anchors.isEmpty() || anchors.size() != probes.size()) {
      throw new IllegalArgumentException(
          "anchors and probes must have the same arrays, at least one, but have "
              + anchors.size()
              + " and "
              + probes.size());
    }
  }

  private static void requireRows(String role, NDList arrays) {
    for (int i = 0; i < arrays.size(); i++) {
      NDArray array = arrays.get(i);
      if (array.isSparse() || array.getShape().dimension() == 0) {
        throw new IllegalArgumentException(
            "the "
                + role
                + " must be dense arrays of one row an input, but array "
                + i
                + " is "
                + (array.isSparse() ? "sparse" : "a single number"));
      }
      if (array.getShape().get(0) != rows(arrays)) {
        throw new IllegalArgumentException(
            "all arrays of the "
                + role
                + " must have as many rows, but array 0 has "
                + rows(arrays)
                + " and array "
                + i
                + " has "
                + array.getShape().get(0));
      }
    }
  }

  private static void requireFit(int index, NDArray anchors, NDArray probes) {
    if (anchors.getDataType() != probes.getDataType()
        || !anchors.getShape().slice(1).equals(probes.getShape().slice(1))) {
      throw new IllegalArgumentException(
          "anchors and probes must be inputs of one model, but array "
              + index
              + " is "
              + kind(anchors)
              + " of the anchors and "
              + kind(probes)
              + " of the probes");
    }
    if (anchors.getShape().size() == 0) {
      throw new IllegalArgumentException(
          "every input must have at least one number, but array " + index + " is " + kind(anchors));
    }
  }

  private static String kind(NDArray array) {
    return array.getDataType().toString() + array.getShape();
  }

  private static long rows(NDList arrays) {
    return arrays.head().getShape().get(0);
  }

  @Override
  public int[] anchorRows() {
    return IntStream.range(0, Math.toIntExact(rows(anchors))).toArray();
  }

  @Override
  public int[] probeRows() {
    int first = Math.toIntExact(rows(anchors));
    return IntStream.range(first, first + Math.toIntExact(rows(probes))).toArray();
  }

  @Override
  public SortedMap<String, NDArray> arrays() {
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    for (int i = 0; i < anchors.size(); i++) {
      arrays.put(ProbeArrays.ANCHORS + i, anchors.get(i));
      arrays.put(ProbeArrays.PROBES + i, probes.get(i));
    }
    return arrays;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(List.of(anchors, probes));
  }

  @Override
  public NDList load(NDManager manager) {
    NDList loaded = new NDList();
    try (NDManager scratch = manager.newSubManager()) {
      for (int i = 0; i < anchors.size(); i++) {
        NDArray both = NDArrays.concat(new NDList(anchors.get(i), probes.get(i)));
        both.attach(scratch);
        loaded.add(both.toDevice(manager.getDevice(), false));
      }
      loaded.attach(manager);
    }
    return loaded;
  }

  @Override
  public LayerOutputs embed(ForwardPass pass, NDList loaded) {
    return pass.inBatches(loaded);
  }
}
