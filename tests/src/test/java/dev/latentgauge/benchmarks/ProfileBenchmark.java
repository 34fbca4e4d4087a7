package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What profiles cost beside {@code product}, the matrix product that no measurement can do without.
 * The search for the adaptive temperature adds {@code adaptive} less {@code fixed}, standardising
 * the cosines {@code standardised} less {@code adaptive}.
 *
 * <p>{@code tests/benchmark.sh ProfileBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ProfileBenchmark {

  @Param({"512x128x512", "2048x256x768", "4096x512x1024"})
  private String size = "";

  private NDManager manager = NDManager.newBaseManager();
  private NDArray anchors = manager.zeros(new Shape(1));
  private NDArray probes = manager.zeros(new Shape(1));
  private NDArray relative = manager.zeros(new Shape(1));

  /** Makes probes, anchors and dimensions as many as {@code size} says. */
  @Setup
  public void setUp() {
    long[] sizes = Arrays.stream(size.split("x", -1)).mapToLong(Long::parseLong).toArray();
    probes = manager.randomNormal(new Shape(sizes[0], sizes[2]));
    anchors = manager.randomNormal(new Shape(sizes[1], sizes[2]));
    relative = RelativeRepresentation.of(anchors, probes);
  }

  /** Frees the arrays. */
  @TearDown
  public void tearDown() {
    manager.close();
  }

  /** The matrix product of probes and anchors. */
  @Benchmark
  public void product() {
    try (NDArray transposed = anchors.transpose();
        NDArray product = probes.matMul(transposed)) {
      product.getShape();
    }
  }

  /** The profiles at a fixed temperature. */
  @Benchmark
  public void fixed() {
    new Profile.Soft(0.1).of(relative).close();
  }

  /** The profiles at the temperature that is found for them. */
  @Benchmark
  public void adaptive() {
    new Profile.AdaptiveSoft().of(relative).close();
  }

  /** The profiles of standardised cosines, at the temperature that is found for them. */
  @Benchmark
  public void standardised() {
    new Profile.StandardisedSoft().of(relative).close();
  }
}
