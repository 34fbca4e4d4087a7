package dev.latentgauge.examples.study.measure;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Blocks;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.task.View;
import dev.latentgauge.probe.AnchorSelection;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The score of the default profile when one thing at a time is changed: the number of anchors or of
 * probes, how anchors are chosen, or the reference.
 *
 * <p>The names say what was changed: {@code anchors:64}, {@code probes:256}, {@code uniform:3} (the
 * third draw of anchors), {@code k-means:1}, {@code farthest-point:1}, {@code reference:ceiling}.
 */
public final class Variations implements Meter {

  private static final int DRAWS = 10;
  private static final int SELECTIONS = 3;
  private static final int ITERATIONS = 20;
  private static final int SMALLEST_ANCHORS = 16;
  private static final int SMALLEST_PROBES = 64;

  private final NDManager manager = NDManager.newBaseManager();
  private final View view;
  private final Map<String, Variation> variations = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /**
   * One way to measure.
   *
   * @param anchors rows of the pool
   * @param probes rows of the pool
   * @param gauge the reference under these
   */
  private record Variation(NDArray anchors, NDArray probes, Gauge gauge) {}

  /**
   * Prepares to measure.
   *
   * @param view what is looked at where it is not varied
   * @param anchorPool how many rows of the pool may be anchors
   * @param reference whose last snapshot is the reference
   * @param others other references, by what they are
   */
  public Variations(View view, int anchorPool, Recording reference, Map<String, Recording> others) {
    this.view = view;
    try (NDManager scratch = manager.newSubManager()) {
      NDArray pool = last(reference, scratch);
      if (!view.isBrief()) {
        addNumbers(pool, anchorPool);
      }
      others.forEach(
          (name, other) ->
              add(
                  "reference:" + name,
                  last(other, scratch),
                  firstAnchors(view.anchors()),
                  probes(view.probes())));
    }
  }

  private void addNumbers(NDArray pool, int anchorPool) {
    int rows = Math.toIntExact(pool.getShape().get(0));
    for (int k = SMALLEST_ANCHORS; k <= anchorPool; k *= 2) {
      add("anchors:" + k, pool, firstAnchors(k), probes(view.probes()));
    }
    for (int n = SMALLEST_PROBES; view.firstProbe() + n <= rows; n *= 2) {
      add("probes:" + n, pool, firstAnchors(view.anchors()), probes(n));
    }
    if (anchorPool >= 2 * view.anchors()) {
      addSelections(pool, anchorPool);
    }
  }

  private void addSelections(NDArray pool, int anchorPool) {
    for (int seed = 1; seed <= DRAWS; seed++) {
      addSelection("uniform", seed, new AnchorSelection.Uniform(), pool, anchorPool);
    }
    try (Model identity = Model.newInstance("identity")) {
      identity.setBlock(Blocks.identityBlock());
      Layer layer =
          Layer.computed(
              "embedding", (block, parameters, inputs) -> inputs.singletonOrThrow().duplicate());
      for (int seed = 1; seed <= SELECTIONS; seed++) {
        addSelection(
            "k-means",
            seed,
            new AnchorSelection.KMeans(identity, layer, ITERATIONS),
            pool,
            anchorPool);
        addSelection(
            "farthest-point",
            seed,
            new AnchorSelection.FarthestPoint(identity, layer),
            pool,
            anchorPool);
      }
    }
  }

  private void addSelection(
      String name, int seed, AnchorSelection selection, NDArray pool, int anchorPool) {
    try (ProbeSet chosen =
        ProbeSet.sampleRows(
            new NDList(pool), anchorPool, view.anchors(), Gauge.FEWEST_PROBES, seed, selection)) {
      NDArray rows =
          Objects.requireNonNull(chosen.arrays().get("anchor_rows"), "a probe set has anchors");
      int[] anchors =
          LongStream.of(rows.toType(DataType.INT64, true).toLongArray())
              .mapToInt(Math::toIntExact)
              .toArray();
      add(name + ":" + seed, pool, anchors, probes(view.probes()));
    }
  }

  private void add(String name, NDArray reference, int[] anchors, int[] probes) {
    NDArray anchorRows = manager.create(anchors);
    NDArray probeRows = manager.create(probes);
    NDArray relative = relative(reference, anchorRows, probeRows);
    relative.attach(manager);
    names.add(name);
    variations.put(
        name, new Variation(anchorRows, probeRows, Gauge.of(relative, Profile.defaultProfile())));
  }

  private NDArray last(Recording recording, NDManager scratch) {
    return recording.embeddings(view.layer(), recording.size() - 1, scratch);
  }

  private static int[] firstAnchors(int count) {
    return IntStream.range(0, count).toArray();
  }

  private int[] probes(int count) {
    return IntStream.range(view.firstProbe(), view.firstProbe() + count).toArray();
  }

  private static NDArray relative(NDArray pool, NDArray anchors, NDArray probes) {
    return RelativeRepresentation.of(
        pool.get(new NDIndex("{}", anchors)), pool.get(new NDIndex("{}", probes)));
  }

  @Override
  public List<String> names() {
    return List.copyOf(names);
  }

  @Override
  public void begin(Recording run) {
    // Every snapshot is measured against the reference alone.
  }

  @Override
  public Map<String, Double> measure(Recording run, int snapshot) {
    Map<String, Double> values = new HashMap<>();
    try (NDManager scratch = manager.newSubManager()) {
      NDArray pool = run.embeddings(view.layer(), snapshot, scratch);
      variations.forEach(
          (name, variation) -> {
            NDArray relative = relative(pool, variation.anchors(), variation.probes());
            if (variation.gauge().measure(relative).outcome() instanceof Score score) {
              values.put(name, score.value());
            }
          });
    }
    return values;
  }

  @Override
  public void close() {
    manager.close();
  }
}
