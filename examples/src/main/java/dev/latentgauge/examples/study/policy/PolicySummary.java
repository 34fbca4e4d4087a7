package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.report.Markdown;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the findings on all tasks come to. All numbers, and all names of tasks, follow from them.
 *
 * @param tasks those with enough runs, of the layer that is monitored; at least one
 */
record PolicySummary(List<TaskFindings> tasks) {

  /** How often a good run must be kept for a policy to be called one that keeps it. */
  private static final double NINE_OF_TEN = 0.9;

  /** Keeps the tasks. */
  PolicySummary {
    tasks = List.copyOf(tasks);
  }

  void addTo(Markdown document) {
    document.paragraph(verdict()).paragraph(atOnce()).paragraph(chosen());
    document
        .paragraph(
            "Of the rules that took half of the compute or less, the one that kept the best run or one"
                + " as good most often: in how many per cent of the groups, and for what compute. Bold"
                + " from nine of ten on. Who picks the best of three afterwards is a little lucky.")
        .table(
            List.of(
                "", "", Watched.SCORE.title(), Watched.AGREEMENT.title(), Watched.ACCURACY.title()),
            Stream.of(Schedule.values())
                .flatMap(schedule -> tasks.stream().map(task -> bestRow(task, schedule)))
                .toList())
        .paragraph(
            "How often the best run or one as good was kept, in per cent of the groups, and the"
                + " compute that took where the score was watched: the least and the most of the"
                + " tasks.")
        .table(
            concat(Stream.of("", "compute"), Stream.of(Watched.values()).map(Watched::title)),
            ways().map(this::rangeRow).toList())
        .paragraph(
            "Halving by 3, all runs at once: the score less accuracy on half A, in the same groups;"
                + " compute and how often a run was kept in per cent, regret in points. Bold where"
                + " the interval leaves out 0.")
        .table(
            List.of("", "compute", "best kept", "best or as good kept", "regret"),
            tasks.stream().map(PolicySummary::differences).toList());
  }

  private static Cell halving(Watched watched) {
    return new Cell(Schedule.AT_ONCE, Rule.HALVING_BY_3, watched);
  }

  private String atOnce() {
    return ("A policy that halves by 3 and watches the score alone, while all runs of a group train at"
            + " once, took %s of the compute and kept the best run, or one whose accuracy is within a"
            + " point of it, in %s of the groups, by task. The same policy on true accuracy took %s"
            + " and kept it in %s; on agreement of predictions it took %s and kept it in %s; on"
            + " random numbers it kept it in %s.")
        .formatted(
            range(halving(Watched.SCORE), Outcome::compute),
            range(halving(Watched.SCORE), Outcome::asGood),
            range(halving(Watched.ACCURACY), Outcome::compute),
            range(halving(Watched.ACCURACY), Outcome::asGood),
            range(halving(Watched.AGREEMENT), Outcome::compute),
            range(halving(Watched.AGREEMENT), Outcome::asGood),
            range(halving(Watched.NOTHING), Outcome::asGood));
  }

  private String verdict() {
    return "Does a policy that needs no labels keep the best run of a group, or one within a point of its"
        + " accuracy, for half of the compute or less? Let that mean in nine groups of ten, and by the"
        + " rule that does best on a task. "
        + reached(Schedule.AT_ONCE, "While all runs of a group train at once")
        + " "
        + reached(Schedule.ONE_BY_ONE, "While they train one by one")
        + " Intervals are wide, see below.";
  }

  private String reached(Schedule schedule, String when) {
    return Stream.of(Watched.SCORE, Watched.AGREEMENT, Watched.ACCURACY)
        .map(watched -> "by the %s %s".formatted(watched.title(), reached(schedule, watched)))
        .collect(Collectors.joining("; ", when + " it does so ", "."));
  }

  private String reached(Schedule schedule, Watched watched) {
    List<String> reaching =
        tasks.stream()
            .filter(
                task ->
                    task.bestAtHalf(schedule, watched).filter(PolicySummary::isKept).isPresent())
            .map(TaskFindings::title)
            .toList();
    return reaching.isEmpty()
        ? "on none of " + tasks.size() + " tasks"
        : "on %d of %d (%s)".formatted(reaching.size(), tasks.size(), String.join("; ", reaching));
  }

  private static boolean isKept(Finding finding) {
    return finding.value(Outcome::asGood) >= NINE_OF_TEN;
  }

  private static List<String> bestRow(TaskFindings task, Schedule schedule) {
    return concat(
        Stream.of(task.title(), schedule.title()),
        Stream.of(Watched.SCORE, Watched.AGREEMENT, Watched.ACCURACY)
            .map(watched -> task.bestAtHalf(schedule, watched))
            .map(best -> best.map(PolicySummary::described).orElse(Numbers.UNDEFINED)));
  }

  private static String described(Finding finding) {
    String text =
        "%s: %s for %s"
            .formatted(
                finding.cell().rule().title(),
                Numbers.text(finding.estimate(Outcome::asGood), Numbers.WHOLE),
                Numbers.percent(finding.value(Outcome::compute)));
    return isKept(finding) ? "**" + text + "**" : text;
  }

  private String chosen() {
    double[] costs =
        tasks.stream()
            .map(task -> task.find(halving(Watched.SCORE)))
            .mapToDouble(
                found -> value(found, Outcome::regret) - value(found, Outcome::regretOfAll))
            .sorted()
            .toArray();
    return "A run that is kept must also be chosen. Who takes the highest score of the runs that halving"
        + " by 3 has left is, in points of accuracy below the best of the group, "
        + tasks.stream().map(PolicySummary::chosen).collect(Collectors.joining("; "))
        + ". So stopping by the score adds %s to %s points to what choosing by it loses anyway."
            .formatted(Numbers.points(costs[0]), Numbers.points(costs[costs.length - 1]));
  }

  private static String chosen(TaskFindings task) {
    Optional<Finding> score = task.find(halving(Watched.SCORE));
    return "%s on %s (%s if all runs were trained, %s if true accuracy stops and chooses)"
        .formatted(
            Numbers.points(value(score, Outcome::regret)),
            task.title(),
            Numbers.points(value(score, Outcome::regretOfAll)),
            Numbers.points(value(task.find(halving(Watched.ACCURACY)), Outcome::regret)));
  }

  private static Stream<Cell> ways() {
    return Stream.of(Schedule.values())
        .flatMap(
            schedule -> Rule.PLAIN.stream().map(rule -> new Cell(schedule, rule, Watched.SCORE)));
  }

  private List<String> rangeRow(Cell way) {
    return concat(
        Stream.of(way.rule().title() + ", " + way.schedule().title(), range(way, Outcome::compute)),
        Stream.of(Watched.values())
            .map(watched -> new Cell(way.schedule(), way.rule(), watched))
            .map(cell -> range(cell, Outcome::asGood)));
  }

  /** The least and the most of the tasks. */
  String range(Cell cell, ToDoubleFunction<Outcome> number) {
    double[] values =
        tasks.stream()
            .mapToDouble(task -> value(task.find(cell), number))
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    return values.length == 0
        ? Numbers.UNDEFINED
        : Numbers.percents(values[0], values[values.length - 1]);
  }

  private static double value(Optional<Finding> finding, ToDoubleFunction<Outcome> number) {
    return finding.map(found -> found.value(number)).orElse(Double.NaN);
  }

  private static List<String> differences(TaskFindings task) {
    Optional<Finding> score = task.find(halving(Watched.SCORE));
    Optional<Finding> accuracy = task.find(halving(Watched.ACCURACY));
    return concat(
        Stream.of(task.title()),
        Stream.of(
            difference(score, accuracy, Outcome::compute, Numbers.WHOLE),
            difference(score, accuracy, Outcome::best, Numbers.WHOLE),
            difference(score, accuracy, Outcome::asGood, Numbers.WHOLE),
            difference(score, accuracy, Outcome::regret, Numbers.TENTHS)));
  }

  private static String difference(
      Optional<Finding> one,
      Optional<Finding> other,
      ToDoubleFunction<Outcome> number,
      String format) {
    return Numbers.difference(
        one.flatMap(found -> other.flatMap(than -> found.difference(than, number))), format);
  }

  private static <T> List<T> concat(Stream<T> first, Stream<T> second) {
    return Stream.concat(first, second).toList();
  }
}
