package dev.latentgauge.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Two trainings in one process, the same but for a monitor, that take turns: a block of steps
 * without, two with, one without, and so on.
 *
 * <p>What else the machine does meanwhile comes in waves that are mostly longer than such a round,
 * and slows both down alike. Blocks are counted in steps, so that a wave cannot change which steps
 * are compared.
 */
final class Interleaving {

  static final int CALIBRATION_STEPS = 30;

  private static final long BLOCK = TimeUnit.MILLISECONDS.toNanos(60);
  private static final int WARM_UP_ROUNDS = 3;
  private static final int LEAST_ROUNDS = 3;

  /** How many times its time a training may take until it is observed. */
  static final int MOST_EXTENSION = 15;

  private final TrainingArm without;
  private final TrainingArm with;

  private Interleaving(TrainingArm without, TrainingArm with) {
    this.without = without;
    this.with = with;
  }

  /**
   * Trains for a time.
   *
   * @param seconds of both trainings together, above 0; three rounds at least are made
   * @param waits whether it is to go on nevertheless, up to {@value #MOST_EXTENSION} times as long
   */
  static List<Round> run(
      TrainingArm without, TrainingArm with, double seconds, BooleanSupplier waits) {
    Interleaving both = new Interleaving(without, with);
    int block = both.warmUp();
    return both.takeTurns(block, seconds, waits);
  }

  /** Answers how many steps a block shall have. */
  private int warmUp() {
    without.train(CALIBRATION_STEPS);
    with.train(CALIBRATION_STEPS);
    int block = (int) Math.max(1, Math.round(BLOCK / Quantiles.median(without.steps())));
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round(block);
    }
    return block;
  }

  private List<Round> takeTurns(int block, double seconds, BooleanSupplier waits) {
    List<Round> rounds = new ArrayList<>();
    long begin = System.nanoTime();
    double gone;
    do {
      rounds.add(round(block));
      gone = (System.nanoTime() - begin) / 1e9;
    } while (rounds.size() < LEAST_ROUNDS
        || gone < seconds
        || (gone < MOST_EXTENSION * seconds && waits.getAsBoolean()));
    return rounds;
  }

  private Round round(int block) {
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
