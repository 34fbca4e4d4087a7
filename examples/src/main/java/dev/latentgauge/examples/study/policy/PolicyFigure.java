package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.chart.Picture;
import dev.latentgauge.examples.chart.ScatterGrid;
import java.util.List;
import java.util.stream.Stream;

/** The picture of what policies save and cost while all runs of a group train at once. */
final class PolicyFigure {

  /** What knows something. */
  private static final List<Watched> SHOWN =
      List.of(Watched.SCORE, Watched.AGREEMENT, Watched.ACCURACY);

  private PolicyFigure() {}

  /**
   * Draws a panel a task, and in it a dot a rule and watched value.
   *
   * @param tasks those with enough runs
   */
  static Picture of(List<TaskFindings> tasks) {
    ScatterGrid.Builder grid =
        ScatterGrid.titled("What stopping saves and costs")
            .subtitle(
                "Groups of %d runs that train at once, one dot a rule; at 100 %% all runs are trained."
                        .formatted(Group.SIZE)
                    + " Regret: how far the accuracy of the run with the highest value is below the"
                    + " best.")
            .axes("regret, points", "compute")
            .columns(Math.max(1, Math.min(5, tasks.size())))
            .categories("watched", SHOWN.stream().map(Watched::title).toList());
    tasks.forEach(
        task -> grid.panel(new ScatterGrid.Panel(task.title(), task.runs() + " runs", dots(task))));
    return grid.build().picture();
  }

  private static List<ScatterGrid.Dot> dots(TaskFindings task) {
    return task.of(Schedule.AT_ONCE, Rule.PLAIN).stream()
        .filter(finding -> SHOWN.contains(finding.cell().watched()))
        .flatMap(
            finding ->
                Stream.of(
                    dot(finding, finding.value(Outcome::regretOfAll), 1),
                    dot(finding, finding.value(Outcome::regret), finding.value(Outcome::compute))))
        .filter(dot -> Double.isFinite(dot.value()))
        .distinct()
        .toList();
  }

  private static ScatterGrid.Dot dot(Finding finding, double regret, double compute) {
    return new ScatterGrid.Dot(100 * regret, compute, finding.cell().watched().title());
  }
}
