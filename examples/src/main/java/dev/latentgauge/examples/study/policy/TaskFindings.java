package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.study.statistics.Case;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was found on a task.
 *
 * @param title of the task and how it is looked at
 * @param runs how many it has
 * @param all the findings; none if there are too few runs
 */
record TaskFindings(String title, int runs, List<Finding> all) {

  /** The most of the compute that a policy may take, to be worth it. */
  static final double HALF = 0.5;

  private static final List<Watched> WITHOUT_OTHERS = List.of(Watched.SCORE, Watched.ACCURACY);

  /** Keeps the findings. */
  TaskFindings {
    all = List.copyOf(all);
  }

  /** Of all that can be watched, and of other settings. */
  static TaskFindings of(String title, Case table, Sampling sampling) {
    List<Cell> cells = new ArrayList<>(plain(List.of(Watched.values())));
    Rule.VARIED.stream()
        .filter(rule -> !Rule.PLAIN.contains(rule))
        .forEach(rule -> cells.addAll(cells(Schedule.AT_ONCE, rule, WITHOUT_OTHERS)));
    return new TaskFindings(title, table, cells, sampling);
  }

  /** Of the score alone, beside accuracy. */
  static TaskFindings ofScore(String title, Case table, Sampling sampling) {
    return new TaskFindings(title, table, plain(WITHOUT_OTHERS), sampling);
  }

  private TaskFindings(String title, Case table, List<Cell> cells, Sampling sampling) {
    this(
        title,
        table.runs().size(),
        Experiment.isPossible(table) ? Experiment.of(table, cells, sampling) : List.of());
  }

  private static List<Cell> plain(List<Watched> watched) {
    return Stream.of(Schedule.values())
        .flatMap(
            schedule ->
                Rule.PLAIN.stream().flatMap(rule -> cells(schedule, rule, watched).stream()))
        .toList();
  }

  private static List<Cell> cells(Schedule schedule, Rule rule, List<Watched> watched) {
    return watched.stream().map(value -> new Cell(schedule, rule, value)).toList();
  }

  /** Those of a schedule and some rules, in the order of the rules. */
  List<Finding> of(Schedule schedule, List<Rule> rules) {
    return rules.stream()
        .flatMap(
            rule ->
                all.stream()
                    .filter(found -> found.cell().rule() == rule)
                    .filter(found -> found.cell().schedule() == schedule))
        .toList();
  }

  /** Those that show what other settings change. */
  List<Finding> varied() {
    return of(Schedule.AT_ONCE, Rule.VARIED).stream()
        .filter(found -> WITHOUT_OTHERS.contains(found.cell().watched()))
        .toList();
  }

  /** What was found of a way; absent if it was not tried. */
  Optional<Finding> find(Cell cell) {
    return all.stream().filter(finding -> finding.cell().equals(cell)).findFirst();
  }

  /**
   * Of the ways that take at most half of the compute, the one that keeps a good run most often.
   */
  Optional<Finding> bestAtHalf(Schedule schedule, Watched watched) {
    return of(schedule, Rule.PLAIN).stream()
        .filter(finding -> finding.cell().watched() == watched)
        .filter(finding -> finding.value(Outcome::compute) <= HALF)
        .max(Comparator.comparingDouble(finding -> finding.value(Outcome::asGood)));
  }
}
