package dev.latentgauge.examples.study.policy;

import dev.latentgauge.stopping.StopRule;
import dev.latentgauge.stopping.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A group of runs under a rule, as the collector would have it: at the first snapshot at or after a
 * checkpoint the value is compared with those that others had there, as soon as there are enough of
 * them, and a run whose value is still undefined passes unseen.
 */
final class Simulation {

  private final StopRule rule;
  private final List<Trajectory> runs;
  private final int[] brackets;
  private final double[] latest;
  private final double[] reached;
  private final Ending[] endings;

  /** Whether a run was at its last checkpoint with too few others. */
  private final boolean[] isOpen;

  /** By run. */
  private final Map<Place, Map<Integer, Double>> standings = new HashMap<>();

  /** Where runs are compared. */
  private record Place(int bracket, double checkpoint) {}

  private Simulation(StopRule rule, List<Trajectory> runs) {
    this.rule = rule;
    this.runs = runs;
    brackets = runs.stream().mapToInt(run -> rule.bracket(run.name())).toArray();
    latest = DoubleStream.generate(() -> Double.NaN).limit(runs.size()).toArray();
    reached = new double[runs.size()];
    isOpen = new boolean[runs.size()];
    endings = runs.stream().map(run -> new Ending(true, run.budget())).toArray(Ending[]::new);
  }

  /**
   * Trains a group.
   *
   * @param rule by which runs are stopped
   * @param runs the group
   * @param turns the snapshots in the order in which they are taken; those that a run does not come
   *     to are left out
   * @return how each run ended, in the order of the runs
   */
  static List<Ending> of(StopRule rule, List<Trajectory> runs, List<Turn> turns) {
    Simulation simulation = new Simulation(rule, runs);
    for (Turn turn : turns) {
      simulation.take(turn);
    }
    return List.copyOf(Arrays.asList(simulation.endings));
  }

  private void take(Turn turn) {
    int run = turn.run();
    Trajectory trajectory = runs.get(run);
    if (!endings[run].isWhole() || turn.snapshot() >= trajectory.size()) {
      return;
    }
    long step = trajectory.step(turn.snapshot());
    double value = trajectory.value(turn.snapshot());
    if (!Double.isNaN(value)) {
      latest[run] = value;
    }
    boolean isStopped = isStopped(run, step);
    // Who is told to stop after the last step has nothing left to stop.
    if (isStopped && step < trajectory.budget()) {
      endings[run] = new Ending(false, step);
    }
  }

  private boolean isStopped(int run, long step) {
    double checkpoint = rule.checkpoint(brackets[run], (double) step).orElse(0);
    boolean isNew = checkpoint > reached[run];
    reached[run] = Math.max(checkpoint, reached[run]);
    Place place = new Place(brackets[run], reached[run]);
    if (isNew) {
      isOpen[run] = !Double.isNaN(latest[run]);
    }
    if (!isOpen[run]) {
      return false;
    }
    Map<Integer, Double> there = standings.computeIfAbsent(place, first -> new HashMap<>());
    double value = there.computeIfAbsent(run, first -> latest[run]);
    double[] others =
        there.entrySet().stream()
            .filter(other -> other.getKey() != run)
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    Verdict verdict = rule.judge(value, others);
    isOpen[run] = verdict.action() == Verdict.Action.UNDECIDED;
    return verdict.action() == Verdict.Action.STOP;
  }
}
