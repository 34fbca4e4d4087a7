package dev.latentgauge.benchmarks;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import dev.latentgauge.tests.live.CollectorApi;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Many live runs, each of which has measured all its layers once.
 *
 * <p>Their numbers differ and have as many digits as numbers have: what is alike costs less to
 * write and to compress.
 */
final class LiveRuns {

  /** So many reports share a commit; one after the other each would wait for its own. */
  private static final int CONNECTIONS = 64;

  private static final Instant BEGIN = Instant.parse("2026-05-06T07:08:09Z");

  private LiveRuns() {}

  /**
   * Reports an observation of each layer of each run.
   *
   * @param from the number of the first run
   * @param to the number after that of the last
   */
  static void report(URI collector, int from, int to, int layers) {
    CollectorApi api = new CollectorApi(collector);
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      CompletableFuture.allOf(
              IntStream.range(from, to)
                  .mapToObj(
                      run ->
                          CompletableFuture.runAsync(
                              () -> api.report("lr-0.01-seed-" + run, observed(run, layers)),
                              threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } finally {
      threads.shutdownNow();
    }
  }

  /** What an agent reports beside a reference that has neither a calibration nor predictions. */
  private static List<Observation> observed(int run, int layers) {
    SplittableRandom random = new SplittableRandom(run);
    long step = random.nextLong(100_000);
    Instant time = BEGIN.plusMillis(random.nextLong(100_000));
    Observation.TrainingState training =
        new Observation.TrainingState(
            some(random, 1000), OptionalDouble.of((double) random.nextLong(1L << 36)));
    OptionalDouble overhead = some(random, 0.01);
    Map<String, Double> evaluations =
        Map.of("train_loss", random.nextDouble(), "validate_Accuracy", random.nextDouble());
    return IntStream.range(0, layers)
        .mapToObj(
            layer ->
                measured(random, layer, step, time)
                    .epoch(step / 1000.0)
                    .overheadRatio(overhead)
                    .overheadBudgetRatio(OptionalDouble.of(0.01))
                    .evaluations(evaluations)
                    .training(training)
                    .build())
        .toList();
  }

  private static Observation.Builder measured(
      SplittableRandom random, int layer, long step, Instant time) {
    Score score =
        new Score(
            random.nextDouble(),
            random.nextDouble(),
            random.nextDouble(),
            random.nextDouble(0.01),
            512,
            128);
    return Observation.builder(
            new Observation.Key(1, "encoder.blocks." + layer, "cnn-v1@0123456789ab", step),
            time,
            "standardised",
            score)
        .scoreFloor(OptionalDouble.of(0.1123456789))
        .scoreCeiling(OptionalDouble.of(0.7654321098))
        .gaugedScore(some(random, 1))
        .probeSeconds(some(random, 0.1))
        .companions(
            new Companions(
                some(random, 1), some(random, 100), some(random, 1), OptionalDouble.empty()));
  }

  private static OptionalDouble some(SplittableRandom random, double bound) {
    return OptionalDouble.of(random.nextDouble(bound));
  }
}
