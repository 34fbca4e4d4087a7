package dev.latentgauge.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times several ways to do the same, one after the other and again and again, so that whatever else
 * the machine does slows all of them down alike.
 *
 * <p>Each turn takes as many repetitions as fill a block of time, and each round begins with
 * another of them.
 */
final class Turns {

  private static final double BLOCK_SECONDS = 0.1;
  private static final double WARM_UP_SHARE = 5;
  private static final int LEAST_ROUNDS = 5;

  private final List<Arm> arms;
  private final int[] repetitions;
  private final List<List<Double>> seconds = new ArrayList<>();

  /** One of the ways. */
  interface Arm {
    /** Does it so often, and answers how many seconds that took. */
    double take(int repetitions) throws IOException;
  }

  private Turns(List<Arm> arms) {
    this.arms = arms;
    this.repetitions = new int[arms.size()];
    arms.forEach(arm -> seconds.add(new ArrayList<>()));
  }

  /**
   * Times them.
   *
   * @param total for how long, in seconds, after a warm-up of each that takes a fifth of it; five
   *     rounds at least are made
   * @return of each arm the seconds of one repetition, in each round
   */
  static List<List<Double>> take(List<Arm> arms, double total) throws IOException {
    Turns turns = new Turns(arms);
    turns.warmUp(total / WARM_UP_SHARE);
    double gone = 0;
    for (int round = 0; round < LEAST_ROUNDS || gone < total; round++) {
      gone += turns.round(round);
    }
    return turns.seconds;
  }

  /**
   * Times what cannot be done as often as one likes: each once a round, and once before.
   *
   * @return of each arm the seconds in each round
   */
  static List<List<Double>> takeOnce(List<Arm> arms, int rounds) throws IOException {
    Turns turns = new Turns(arms);
    Arrays.fill(turns.repetitions, 1);
    turns.round(0);
    turns.seconds.forEach(List::clear);
    for (int round = 0; round < rounds; round++) {
      turns.round(round);
    }
    return turns.seconds;
  }

  /** Until what runs often is compiled, and blocks are as long as they shall be. */
  private void warmUp(double seconds) throws IOException {
    for (int i = 0; i < arms.size(); i++) {
      repetitions[i] = 1;
      double gone = 0;
      do {
        double took = arms.get(i).take(repetitions[i]);
        gone += took;
        double once = Math.max(took / repetitions[i], 1e-9);
        repetitions[i] = (int) Math.max(1, Math.round(BLOCK_SECONDS / once));
      } while (gone < seconds);
    }
  }

  private double round(int number) throws IOException {
    double gone = 0;
    for (int turn = 0; turn < arms.size(); turn++) {
      int arm = (number + turn) % arms.size();
      double took = arms.get(arm).take(repetitions[arm]);
      seconds.get(arm).add(took / repetitions[arm]);
      gone += took;
    }
    return gone;
  }

  /** Of each round the seconds of one by those of another. */
  static List<Double> ratios(List<Double> some, List<Double> others) {
    return IntStream.range(0, some.size()).mapToObj(i -> some.get(i) / others.get(i)).toList();
  }

  /** The same in this process, timed by its clock. */
  static Arm here(Runnable work) {
    return repetitions -> {
      long begin = System.nanoTime();
      for (int i = 0; i < repetitions; i++) {
        work.run();
      }
      return (System.nanoTime() - begin) / 1e9;
    };
  }
}
