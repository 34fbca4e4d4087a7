package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TimeSource;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Two trainings in one process, the same but for a monitor, that take turns: a block of steps
 * without, two with, one without, and so on.
 *
 * <p>What else the machine does meanwhile comes in waves that are mostly longer than such a round,
 * and slows both down alike. Blocks are counted in steps, so that a wave cannot change which steps
 * are compared.
 */
final class Interleaving {

  private static final long BLOCK = TimeUnit.MILLISECONDS.toNanos(60);
  private static final int CALIBRATION_STEPS = 30;
  private static final int WARM_UP_ROUNDS = 3;
  private static final int LEAST_ROUNDS = 3;
  private static final int MOST_EXTENSION = 15;
  private static final Cadence NEVER = Cadence.everyBatches(1_000_000_000);

  private final ModelSize size;
  private final int probes;
  private final OptionalDouble budget;
  private final List<Observation> observations = Collections.synchronizedList(new ArrayList<>());

  /**
   * Two trainings that have not begun.
   *
   * @param budget of the monitor, above 0 and at most 1; none if it is never to measure on the way
   */
  Interleaving(ModelSize size, int probes, OptionalDouble budget) {
    this.size = size;
    this.probes = probes;
    this.budget = budget;
  }

  /**
   * Trains for a time.
   *
   * @param seconds of both trainings together, above 0; up to {@value #MOST_EXTENSION} times as
   *     many if the budget has no room for an observation on the way before; three rounds at least
   *     are made
   */
  Overhead run(double seconds) {
    try (NDManager manager = NDManager.newBaseManager();
        ProbeSet inputs = size.probes(manager, probes);
        Reference reference = reference(inputs)) {
      List<NDList> data = size.data(manager);
      OwnTime time = new OwnTime();
      TimedListener listener = new TimedListener(monitor(reference, time), time);
      List<Round> rounds = new ArrayList<>();
      TrainingArm with = new TrainingArm(size, data, time, listener);
      try (with;
          TrainingArm without = new TrainingArm(size, data, new OwnTime())) {
        int block = warmUp(without, with);
        takeTurns(without, with, block, seconds, rounds);
      }
      return new Overhead(rounds, with.steps(), listener, time.nanoTime(), observations);
    }
  }

  /** A reference by a network with other random weights than those that are trained. */
  private Reference reference(ProbeSet inputs) {
    try (NDManager manager = NDManager.newBaseManager();
        TrainingArm untrained = new TrainingArm(size, size.data(manager), new OwnTime())) {
      untrained.train(CALIBRATION_STEPS);
      return Reference.of("overhead", untrained.model(), ModelSize.ENCODER, inputs);
    }
  }

  private TrainingMonitor monitor(Reference reference, TimeSource time) {
    Reporter reporter = (run, observed) -> observations.addAll(observed);
    return TrainingMonitor.builder(reference)
        .layer(ModelSize.ENCODER)
        .cadence(budget.isPresent() ? Cadence.budget(budget.getAsDouble()) : NEVER)
        .run(RunInfo.named("overhead"))
        .timeSource(time)
        .reportTo(reporter)
        .build();
  }

  /** Answers how many steps a block shall have. */
  private static int warmUp(TrainingArm without, TrainingArm with) {
    without.train(CALIBRATION_STEPS);
    with.train(CALIBRATION_STEPS);
    int block = (int) Math.max(1, Math.round(BLOCK / Quantiles.median(without.steps())));
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round(without, with, block);
    }
    return block;
  }

  private void takeTurns(
      TrainingArm without, TrainingArm with, int block, double seconds, List<Round> rounds) {
    TimeSource wall = TimeSource.system();
    long begin = wall.nanoTime();
    double gone;
    do {
      rounds.add(round(without, with, block));
      gone = (wall.nanoTime() - begin) / 1e9;
    } while (rounds.size() < LEAST_ROUNDS
        || gone < seconds
        || (waitsForAnObservation() && gone < MOST_EXTENSION * seconds));
  }

  /** Whether a budget has not let the training be observed since the baseline. */
  private boolean waitsForAnObservation() {
    return budget.isPresent() && observations.size() < 2;
  }

  private static Round round(TrainingArm without, TrainingArm with, int block) {
    int from = with.steps().size();
    without.train(block);
    with.train(block);
    with.train(block);
    without.train(block);
    int to = with.steps().size();
    long nanos = without.steps().subList(from, to).stream().mapToLong(Long::longValue).sum();
    return new Round(from, to, nanos);
  }

  /**
   * As many steps of both trainings, made in turns.
   *
   * @param from the first step of the round in both trainings
   * @param to the first step after it
   * @param nanosWithout how long the training without a monitor took
   */
  record Round(int from, int to, long nanosWithout) {}
}
