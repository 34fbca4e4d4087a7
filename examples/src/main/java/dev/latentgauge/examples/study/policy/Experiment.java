package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.stopping.StopRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Groups of the runs of a task, stopped in several ways each. */
final class Experiment {

  private static final long SEED = 1;

  private final List<RunCurve> runs;
  private final List<Cell> cells;
  private final Sampling sampling;
  private final int snapshots;
  private final Map<Rule, StopRule> rules = new EnumMap<>(Rule.class);
  private final Map<Watched, List<Trajectory>> trajectories = new EnumMap<>(Watched.class);
  private final double[] accuracies;
  private final Random random = new Random(SEED);

  private Experiment(Case table, List<Cell> cells, Sampling sampling) {
    this.runs = table.runs();
    this.cells = cells;
    this.sampling = sampling;
    double budget = runs.stream().mapToDouble(Experiment::budget).max().orElseThrow();
    snapshots = runs.stream().mapToInt(RunCurve::size).max().orElseThrow();
    for (Cell cell : cells) {
      rules.computeIfAbsent(cell.rule(), rule -> rule.of(budget));
      trajectories.computeIfAbsent(cell.watched(), this::trajectories);
    }
    accuracies = runs.stream().mapToDouble(Experiment::lastAccuracyB).toArray();
  }

  /** Whether a task has as many runs as halves and groups need. */
  static boolean isPossible(Case table) {
    return table.runs().size() >= 2 * Group.SIZE;
  }

  /**
   * Draws groups and stops their runs.
   *
   * @param table of a task with enough runs, all measured at the same steps
   * @param cells the ways to stop them; one that watches what the table does not tell is left out
   * @param sampling how many groups
   * @return a finding for each way
   */
  static List<Finding> of(Case table, List<Cell> cells, Sampling sampling) {
    List<Cell> told = cells.stream().filter(cell -> cell.watched().isIn(table)).toList();
    return new Experiment(table, told, sampling).findings();
  }

  private static double budget(RunCurve run) {
    return (double) run.steps()[run.size() - 1];
  }

  private static double lastAccuracyB(RunCurve run) {
    return run.accuraciesB()[run.size() - 1];
  }

  private List<Trajectory> trajectories(Watched value) {
    return runs.stream()
        .map(run -> new Trajectory(run.name(), run.steps(), value.of(run, random)))
        .toList();
  }

  private List<Finding> findings() {
    Map<Cell, List<Outcome>> means = empty();
    for (int split = 0; split < sampling.splits(); split++) {
      for (List<Integer> half : Group.halves(runs.size(), random)) {
        Map<Cell, List<Outcome>> groups = empty();
        for (int i = 0; i < sampling.groups(); i++) {
          compete(Group.draw(half, snapshots, random), groups);
        }
        means.forEach((cell, found) -> found.add(Outcome.mean(of(groups, cell))));
      }
    }
    return cells.stream().map(cell -> new Finding(cell, runs.size(), of(means, cell))).toList();
  }

  private Map<Cell, List<Outcome>> empty() {
    Map<Cell, List<Outcome>> outcomes = new LinkedHashMap<>();
    cells.forEach(cell -> outcomes.put(cell, new ArrayList<>()));
    return outcomes;
  }

  private static <K, V> V of(Map<K, V> values, K key) {
    return Objects.requireNonNull(values.get(key));
  }

  /** Stops the runs of a group in every way. */
  private void compete(Group group, Map<Cell, List<Outcome>> outcomes) {
    double[] ends = group.members().stream().mapToDouble(run -> accuracies[run]).toArray();
    String name = "-" + random.nextInt();
    Map<Watched, List<Trajectory>> members = new EnumMap<>(Watched.class);
    trajectories.forEach((value, all) -> members.put(value, members(group, name, value, all)));
    outcomes.forEach(
        (cell, found) -> {
          List<Trajectory> competing = of(members, cell.watched());
          List<Ending> endings =
              Simulation.of(of(rules, cell.rule()), competing, of(group.turns(), cell.schedule()));
          found.add(Outcome.of(endings, competing, ends));
        });
  }

  /**
   * The runs of a group, named anew in each, as the bracket of a run follows from its name; and
   * with other random numbers.
   */
  private List<Trajectory> members(Group group, String name, Watched value, List<Trajectory> all) {
    List<Trajectory> from = value == Watched.NOTHING ? trajectories(value) : all;
    return group.members().stream()
        .map(from::get)
        .map(run -> run.named(run.name() + name))
        .toList();
  }
}
