package dev.latentgauge.examples.study.statistics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The measurements of comparable runs: one task, one reference, many trainings.
 *
 * @param name what it is called, for people
 * @param measures the names of what was measured, in the order in which they are shown; unique,
 *     none of them a column that every table has
 * @param runs may be empty; their names are unique and all have the measures of the case
 */
public record Case(String name, List<String> measures, List<RunCurve> runs) {

  /** Checks that the runs belong together. */
  public Case {
    measures = List.copyOf(measures);
    runs = List.copyOf(runs);
    RunCurve.requireMeasures(measures);
    Set<String> names = new HashSet<>();
    for (RunCurve run : runs) {
      if (!run.measures().equals(measures)) {
        throw new IllegalArgumentException(
            "the runs of case \"%s\" must have the measures %s, but run \"%s\" has %s"
                .formatted(name, measures, run.name(), run.measures()));
      }
      if (!names.add(run.name())) {
        throw new IllegalArgumentException(
            "the runs of case \"%s\" must have different names, but two are called \"%s\""
                .formatted(name, run.name()));
      }
    }
  }

  /**
   * The same case with some of its runs, such as those of one architecture, or those that the
   * paper's figure is over: {@code where(run -> run.lastAccuracy() > 0.5)}. Subsets of it are found
   * anew, among these runs.
   *
   * @param condition what the runs that stay fulfil
   * @return a case of these runs, in the same order
   */
  public Case where(Predicate<RunCurve> condition) {
    return new Case(name, measures, runs.stream().filter(condition).toList());
  }
}
