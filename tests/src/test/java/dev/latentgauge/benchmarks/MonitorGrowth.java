package dev.latentgauge.benchmarks;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How what a training waits for its monitor grows with the layers, and with the references, that an
 * observation is made of.
 *
 * <p>The network has as many layers as are observed at most, all of one width. The last of them is
 * always observed, so that every observation has the same forward pass.
 */
final class MonitorGrowth implements AutoCloseable {

  private final NDManager manager = NDManager.newBaseManager();
  private final MeasurementSize size;
  private final int most;
  private final ProbeSet probes;
  private final Model model;
  private final List<Layer> layers;
  private final List<Reference> references = new ArrayList<>();

  private MonitorGrowth(MeasurementSize size, int most) {
    this.size = size;
    this.most = most;
    try (NDArray anchors = inputs(size.anchors());
        NDArray described = inputs(size.probes())) {
      probes = ProbeSet.of(new NDList(anchors), new NDList(described));
    }
    model = model();
    layers = Layer.matching(model.getBlock(), "*SequentialBlock");
    try (Model another = model()) {
      for (int i = 0; i < most; i++) {
        references.add(Reference.of("reference-" + i, another, layers.get(most - 1), probes));
      }
    }
  }

  private NDArray inputs(int count) {
    return manager.randomNormal(new Shape(count, size.dimensions()));
  }

  /** One with random weights. */
  private Model model() {
    SequentialBlock network = new SequentialBlock();
    for (int i = 0; i < most; i++) {
      network.add(
          new SequentialBlock()
              .add(Linear.builder().setUnits(size.dimensions()).build())
              .add(Activation::relu));
    }
    Model made = Model.newInstance("growth");
    network.initialize(made.getNDManager(), DataType.FLOAT32, new Shape(1, size.dimensions()));
    made.setBlock(network);
    return made;
  }

  /**
   * Measures.
   *
   * @param size of the probe set and of the layers
   * @param most the most layers, and references, a power of two
   * @param seconds for how long to time each, see {@link Turns#take}
   * @param seen is told of what was seen
   */
  static void measure(MeasurementSize size, int most, double seconds, Consumer<Growth> seen)
      throws IOException {
    try (MonitorGrowth growth = new MonitorGrowth(size, most)) {
      seen.accept(
          growth.with(
              "layers",
              seconds,
              count -> new MonitoredModel(growth.model, growth.some(count), growth.first(1))));
      seen.accept(
          growth.with(
              "references",
              seconds,
              count -> new MonitoredModel(growth.model, growth.some(1), growth.first(count))));
    }
  }

  private Growth with(String quantity, double seconds, LongFunction<MonitoredModel> of)
      throws IOException {
    List<Long> counts =
        LongStream.iterate(1, count -> count <= most, count -> 2 * count).boxed().toList();
    List<MonitoredModel> monitored = counts.stream().map(of::apply).toList();
    try {
      return Growth.ofTimes(
          quantity,
          "an observation",
          counts,
          Turns.take(monitored.stream().map(one -> Turns.here(one::observe)).toList(), seconds));
    } finally {
      monitored.forEach(MonitoredModel::close);
    }
  }

  /** So many layers, evenly spaced, up to the last. */
  private List<Layer> some(long count) {
    int every = most / (int) count;
    return IntStream.rangeClosed(1, (int) count)
        .mapToObj(number -> layers.get(number * every - 1))
        .toList();
  }

  private List<Reference> first(long count) {
    return references.subList(0, (int) count);
  }

  @Override
  public void close() {
    references.forEach(Reference::close);
    probes.close();
    model.close();
    manager.close();
  }
}
