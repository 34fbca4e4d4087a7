package dev.latentgauge.examples.study.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.stopping.MedianRule;
import dev.latentgauge.stopping.StopRule;
import dev.latentgauge.stopping.SuccessiveHalving;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {

  /** Checkpoints at 1 and at 2. */
  private static final StopRule HALVING = new SuccessiveHalving(1, 2, OptionalDouble.of(4), 1);

  private static final long[] STEPS = {1, 2, 4};
  private static final List<Trajectory> FOUR =
      List.of(constant("a", 0.1), constant("b", 0.2), constant("c", 0.3), constant("d", 0.4));

  private static Trajectory constant(String name, double value) {
    return of(name, value, value, value);
  }

  private static Trajectory of(String name, double... values) {
    return new Trajectory(name, STEPS, values);
  }

  /** Three steps together, with the same order at each. */
  private static List<Turn> atOnce(int... order) {
    List<Turn> turns = new ArrayList<>();
    for (int snapshot = 0; snapshot < 3; snapshot++) {
      for (int run : order) {
        turns.add(new Turn(run, snapshot));
      }
    }
    return turns;
  }

  /** One run after the other. */
  private static List<Turn> oneByOne(int... order) {
    List<Turn> turns = new ArrayList<>();
    for (int run : order) {
      for (int snapshot = 0; snapshot < 3; snapshot++) {
        turns.add(new Turn(run, snapshot));
      }
    }
    return turns;
  }

  private static Ending whole() {
    return new Ending(true, 4);
  }

  private static Ending stopped(long step) {
    return new Ending(false, step);
  }

  @Test
  void ofFourRunsAHalfGoesOnFromEachCheckpointAsFarAsOthersCameBefore() {
    // Step 1: b is alone; d beats it; a is third of three, of whom one goes on; c is second of
    // four.
    // Step 2: b is alone; d beats it; c is second of three, of whom one goes on.
    assertThat(Simulation.of(HALVING, FOUR, atOnce(1, 3, 0, 2)))
        .containsExactly(stopped(1), whole(), stopped(2), whole());
  }

  @Test
  void whoComesFirstIsComparedWithNobody() {
    // From the worst to the best everybody is the best so far.
    assertThat(Simulation.of(HALVING, FOUR, atOnce(0, 1, 2, 3))).containsOnly(whole());
    assertThat(Simulation.of(HALVING, FOUR, oneByOne(0, 1, 2, 3))).containsOnly(whole());
    // From the best to the worst nobody else is in the better half.
    assertThat(Simulation.of(HALVING, FOUR, atOnce(3, 2, 1, 0)))
        .containsExactly(stopped(1), stopped(1), stopped(1), whole());
  }

  @Test
  void whoTrainsLaterIsComparedWithHowTheOthersWereAtTheSameStep() {
    List<Trajectory> runs = List.of(of("slow", 0.1, 0.2, 0.9), of("quick", 0.5, 0.6, 0.7));
    assertThat(Simulation.of(HALVING, runs, oneByOne(0, 1))).containsOnly(whole());
    assertThat(Simulation.of(HALVING, runs, oneByOne(1, 0))).containsExactly(stopped(1), whole());
  }

  @Test
  void whatARunHasAtTheCheckpointIsWhatCounts() {
    List<Trajectory> runs = List.of(of("steady", 0.5, 0.6, 0.6), of("fallen", 0.7, 0.1, 0.1));
    assertThat(Simulation.of(HALVING, runs, atOnce(0, 1))).containsExactly(whole(), stopped(2));
  }

  /** What it came to since then does not count. */
  @Test
  void whoCameBeforeThereWereEnoughOthersIsComparedWhenThereAre() {
    StopRule rule = new MedianRule(1, 10, OptionalDouble.empty(), 1);
    List<Trajectory> runs = List.of(of("first", 0.1, 0.9, 0.9), of("second", 0.5, 0.5, 0.5));
    assertThat(Simulation.of(rule, runs, atOnce(0, 1))).containsExactly(stopped(2), whole());
  }

  @Test
  void aRunWithoutAValuePassesUnseenUntilItHasOne() {
    Trajectory never = constant("never", Double.NaN);
    Trajectory late = of("late", Double.NaN, 0.1, 0.1);
    Trajectory known = constant("known", 0.5);
    Trajectory worse = constant("worse", 0.4);
    // Were the others counted that have no value, known would be compared, and worse with three.
    assertThat(Simulation.of(HALVING, List.of(never, late, known, worse), atOnce(0, 1, 2, 3)))
        .containsExactly(whole(), whole(), whole(), stopped(1));
    assertThat(Simulation.of(HALVING, List.of(never, known, late), atOnce(0, 1, 2)))
        .containsExactly(whole(), whole(), stopped(2));
  }

  @Test
  void whereTheCheckpointWasNotLookedAtTheNextSnapshotIs() {
    long[] sparse = {1, 3, 4};
    List<Trajectory> runs =
        List.of(
            new Trajectory("first", sparse, new double[] {0.1, 0.9, 0.9}),
            new Trajectory("second", sparse, new double[] {0.2, 0.3, 0.3}));
    assertThat(Simulation.of(HALVING, runs, atOnce(0, 1))).containsExactly(whole(), stopped(3));
  }

  @Test
  void whoIsToldToStopAtItsLastStepWasTrainedToItsEnd() {
    StopRule median = new MedianRule(1, 1, OptionalDouble.empty(), 1);
    List<Trajectory> runs = List.of(of("good", 0.5, 0.5, 0.9), of("bad", 0.5, 0.5, 0.5));
    assertThat(Simulation.of(median, runs, atOnce(0, 1))).containsOnly(whole());
  }

  @Test
  void ofRunsThatEndEarlyTheirOwnEndCounts() {
    Trajectory diverged = new Trajectory("diverged", new long[] {1, 2}, new double[] {0.6, 0.6});
    assertThat(Simulation.of(HALVING, List.of(diverged, constant("d", 0.7)), atOnce(0, 1)))
        .containsExactly(new Ending(true, 2), whole());
  }

  @Test
  void numbersThatKnowNothingKeepTheBestAsOftenAsAnyOther() {
    Random random = new Random(1);
    int groups = 4000;
    int size = 12;
    double best = 0;
    double all = 0;
    for (int i = 0; i < groups; i++) {
      List<Trajectory> runs =
          IntStream.range(0, size)
              .mapToObj(run -> of("run-" + run, random.doubles(3).toArray()))
              .toList();
      List<Ending> endings = Simulation.of(HALVING, runs, Schedule.AT_ONCE.turns(size, 3, random));
      best += endings.get(0).isWhole() ? 1 : 0;
      all += endings.stream().filter(Ending::isWhole).count() / (double) size;
    }
    // The error of a share of 4,000 is at most .008.
    assertThat(best / groups).isCloseTo(all / groups, within(0.03));
    assertThat(all / groups).isBetween(0.1, 0.9);
  }
}
