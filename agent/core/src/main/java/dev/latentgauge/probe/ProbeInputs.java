package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/** What a model is run on, and which rows of its output are the anchors and the probes. */
sealed interface ProbeInputs permits SeparateInputs, RowsOfInput {

  /** The row of each anchor in the output, k of them. */
  int[] anchorRows();

  /** The row of each probe in the output, n of them. */
  int[] probeRows();

  /** Everything that makes the probe set, by name; what {@link ProbeArrays} reads. */
  SortedMap<String, NDArray> arrays();

  /** The SHA-256 of all of it. */
  String fingerprint();

  /** Copies what a model is run on to the device of a manager, and attaches it. */
  NDList load(NDManager manager);

  /**
   * Embeds.
   *
   * @param loaded what {@link #load} answered
   * @return the outputs that {@link #anchorRows} and {@link #probeRows} are rows of
   */
  LayerOutputs embed(ForwardPass pass, NDList loaded);

  /**
   * Refuses a probe set in which one input is there twice.
   *
   * @param anchors what tells one anchor from another
   * @param probes what tells one probe from another
   * @param what says more about the input that is there twice
   */
  static <T> void requireDifferent(List<T> anchors, List<T> probes, Function<T, String> what) {
    Map<T, String> seen = new HashMap<>();
    addDifferent(seen, "anchor ", anchors, what);
    addDifferent(seen, "probe ", probes, what);
  }

  private static <T> void addDifferent(
      Map<T, String> seen, String role, List<T> inputs, Function<T, String> what) {
    for (int i = 0; i < inputs.size(); i++) {
      String before = seen.putIfAbsent(inputs.get(i), role + i);
      if (before != null) {
        throw new IllegalArgumentException(
            "anchors and probes must be different inputs, but "
                + role
                + i
                + " is also "
                + before
                + what.apply(inputs.get(i)));
      }
    }
  }

  /** Refuses too few anchors or probes. */
  static void requireCounts(long anchors, long probes) {
    if (anchors < 1 || probes < 3) {
      throw new IllegalArgumentException(
          "there must be at least 1 anchor and 3 probes, but are " + anchors + " and " + probes);
    }
  }
}
