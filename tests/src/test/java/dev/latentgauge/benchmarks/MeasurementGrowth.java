package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.relative.CompanionGauge;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * How a measurement, and what accompanies it, grow with the probes n, the anchors k and the
 * dimensions d: each from half of what it is otherwise to eight times that.
 */
final class MeasurementGrowth {

  private static final int SIZES = 5;

  private final double seconds;
  private final Consumer<Growth> seen;

  private MeasurementGrowth(double seconds, Consumer<Growth> seen) {
    this.seconds = seconds;
    this.seen = seen;
  }

  /** Something of one size that is timed, and how it is let go. */
  private record Timed(Runnable work, Runnable release) {}

  /**
   * Measures.
   *
   * @param usual what does not grow is as it is here
   * @param seconds for how long to time each, see {@link Turns#take}
   * @param seen is told of what was seen
   */
  static void measure(MeasurementSize usual, double seconds, Consumer<Growth> seen)
      throws IOException {
    MeasurementGrowth growth = new MeasurementGrowth(seconds, seen);
    LongFunction<MeasurementSize> ofProbes =
        n -> new MeasurementSize((int) n, usual.anchors(), usual.dimensions());
    LongFunction<MeasurementSize> ofAnchors =
        k -> new MeasurementSize(usual.probes(), (int) k, usual.dimensions());
    growth.time("n", numbers(usual.probes()), ofProbes);
    growth.weigh("n", numbers(usual.probes()), ofProbes);
    growth.time("k", numbers(usual.anchors()), ofAnchors);
    growth.weigh("k", numbers(usual.anchors()), ofAnchors);
    growth.time(
        "d",
        numbers(usual.dimensions()),
        d -> new MeasurementSize(usual.probes(), usual.anchors(), (int) d));
  }

  private static List<Long> numbers(int usual) {
    return LongStream.iterate(usual / 2, number -> 2 * number).limit(SIZES).boxed().toList();
  }

  private void time(String quantity, List<Long> numbers, LongFunction<MeasurementSize> size)
      throws IOException {
    List<MeasurementSize> sizes = numbers.stream().map(size::apply).toList();
    seen.accept(
        Growth.ofTimes(
            quantity, "a measurement", numbers, seconds(sizes, MeasurementGrowth::measurement)));
    seen.accept(
        Growth.ofTimes(
            quantity, "its companions", numbers, seconds(sizes, MeasurementGrowth::companions)));
  }

  /** The smallest, the largest, and that in the middle, each in a process of its own. */
  private void weigh(String quantity, List<Long> numbers, LongFunction<MeasurementSize> size)
      throws IOException {
    List<Long> some = List.of(numbers.get(0), numbers.get(SIZES / 2), numbers.get(SIZES - 1));
    List<Long> peaks = new ArrayList<>();
    for (long number : some) {
      peaks.add(MeasurementMemory.of(size.apply(number)).peakBytes());
    }
    seen.accept(Growth.ofBytes(quantity, "memory of a measurement", some, peaks));
  }

  private List<List<Double>> seconds(
      List<MeasurementSize> sizes, Function<MeasurementSize, Timed> kind) throws IOException {
    List<Timed> all = sizes.stream().map(kind).toList();
    try {
      return Turns.take(all.stream().map(one -> Turns.here(one.work())).toList(), seconds);
    } finally {
      all.forEach(one -> one.release().run());
    }
  }

  private static Timed measurement(MeasurementSize size) {
    MeasurementArms arms = new MeasurementArms(size, true);
    return new Timed(arms::measurement, arms::close);
  }

  /** Of random cosines and embeddings, against others. */
  private static Timed companions(MeasurementSize size) {
    NDManager manager = NDManager.newBaseManager();
    Shape ofCosines = new Shape(size.probes(), size.anchors());
    Shape ofProbes = new Shape(size.probes(), size.dimensions());
    NDArray cosines = manager.randomUniform(-1, 1, ofCosines);
    Optional<Rows> probes = Optional.of(Rows.of(manager.randomNormal(ofProbes)));
    CompanionGauge gauge =
        CompanionGauge.of(
            manager.randomUniform(-1, 1, ofCosines),
            Optional.of(Rows.of(manager.randomNormal(ofProbes))),
            Optional.empty());
    return new Timed(() -> gauge.measure(cosines, probes, Optional.empty()), manager::close);
  }
}
