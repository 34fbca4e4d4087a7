package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.study.statistics.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says in tables and a figure what stop policies would have saved and cost. */
public final class PolicyReport {

  /** Its name beside the study's report. */
  public static final String FILE = "policies.md";

  private static final String FIGURE = "policies.svg";

  private static final List<String> HEAD =
      List.of(
          "",
          "watched",
          "compute",
          "best kept",
          "best or as good kept",
          "regret",
          "regret of training all");

  private final String command;
  private final Sampling sampling;
  private final List<TaskFindings> tasks = new ArrayList<>();
  private final List<TaskFindings> layers = new ArrayList<>();

  /**
   * A report with nothing in it yet.
   *
   * @param command what makes it
   */
  public PolicyReport(String command) {
    this(command, Sampling.OF_REPORT);
  }

  PolicyReport(String command, Sampling sampling) {
    this.command = command;
    this.sampling = sampling;
  }

  /**
   * Lets groups of the runs of a task compete, and adds what was found.
   *
   * @param title of the task
   * @param table what was measured of its runs
   */
  public void add(String title, Case table) {
    tasks.add(TaskFindings.of(title, table, sampling));
  }

  /**
   * Does the same for another layer of a task, where only the score is another.
   *
   * @param title of the task and the layer
   * @param table what was measured of its runs
   */
  public void addScore(String title, Case table) {
    layers.add(TaskFindings.ofScore(title, table, sampling));
  }

  /**
   * Writes it.
   *
   * @param folder where the report and its figure go
   * @throws IOException if they cannot be written
   */
  public void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Markdown document = new Markdown().heading(1, "Stopping runs by what they say");
    List<TaskFindings> whole = tasks.stream().filter(task -> !task.all().isEmpty()).toList();
    if (!whole.isEmpty()) {
      new PolicySummary(whole).addTo(document);
      PolicyFigure.of(whole).writeSvg(folder.resolve(FIGURE));
      document.picture(FIGURE, "Regret and compute of every rule, by task");
    }
    document.heading(2, "How this was found").paragraph(method()).paragraph(limits());
    if (!whole.isEmpty()) {
      addVaried(document, whole);
    }
    tasks.forEach(task -> addTask(document, task));
    layers.forEach(layer -> addTask(document, layer));
    Files.writeString(folder.resolve(FILE), document.toString(), StandardCharsets.UTF_8);
  }

  private String method() {
    return """
        Made by `%s` from the tables beside it. Groups of %d runs were drawn from the runs of a task
        and trained once more on paper, from what was recorded of each: all at once, where it is drawn
        at every step who reports first, or one by one, where a run begins when the one before has
        ended or was stopped. The rules do what they do in a collector: the first time that a run is
        found at or beyond a checkpoint, its value is compared with those that others had there; where
        these are too few, again with each further snapshot before its next checkpoint. What it has
        spent until it is stopped counts. B being the steps of a whole training, the
        median rule compares at every tenth of B, halving by 3 begins at B/27, by 2 at B/16, and
        hyperband has brackets that begin at B/27 and later, for which the names of runs are drawn. All
        ask for %d peers.

        Watched are the score under the default profile; the agreement of predictions, which needs no
        labels but a common head; true accuracy on half A of the test set; the training loss, negative,
        which needs the labels that are trained on; and random numbers. All are judged by accuracy on
        half B at the last step, which no policy has seen. "Best kept" is in how many per cent of the
        groups the best run was trained to its end; "as good" includes runs within a point of it.
        "Regret" is how many points the run with the highest last value, of those trained to their
        ends, is below the best of the group, and beside it is what that would be had all been trained.
        Compute is in per cent of training all.

        Numbers are means over %d groups from either half of %d random splits of the runs, the same
        groups in the same order for all rules and values. Intervals are the 2.5 and 97.5 percentiles
        of the means of the halves. (Halves, not samples with replacement, as a run must not compete
        with itself. What a half says varies as what all runs say would if they were others, or more
        where a group is most of a half, with 48 runs.) They are wide, as in a task much depends on
        which of its few best runs are there."""
        .formatted(command, Group.SIZE, Rule.MIN_PEERS, sampling.groups(), sampling.splits());
  }

  private static String limits() {
    return """
        What this does not say. The runs of a task were recorded once, at steps that are dense in the
        beginning and sparse at the end, so that late checkpoints are noticed late. All runs of a task
        are of equal length, their learning rates stay as they are to the end, and no new run begins in
        place of one that was stopped. Hyperparameters vary widely, label noise among them: where all
        runs are good there is less to save and more to confuse. The reference is a good model of the
        same task; with a mediocre one, or one of another task, the score is another. On TREC half of
        the runs are compared with one reference and half with another, and compete all the same.
        Halves A and B have about 135 papers each on Cora, where a point is little more than one paper.
        Watching costs nothing here, and no report is late.""";
  }

  private static void addVaried(Markdown document, List<TaskFindings> whole) {
    document
        .heading(2, "Other settings")
        .paragraph(
            """
            Halving by 3 with more peers, and rules with a later first checkpoint, all runs at once. Who
            comes to a checkpoint before there are enough peers goes on until there are: in groups of %d
            that is much of what peers save and cost. In larger groups it is less."""
                .formatted(Group.SIZE))
        .paragraph(varied(whole));
    for (TaskFindings task : whole) {
      document.heading(3, task.title() + ", " + Schedule.AT_ONCE.title());
      addTable(document, task.varied());
    }
  }

  private static String varied(List<TaskFindings> whole) {
    PolicySummary summary = new PolicySummary(whole);
    return "Where the score was watched, the best run or one as good was kept "
        + Rule.VARIED.stream()
            .map(rule -> new Cell(Schedule.AT_ONCE, rule, Watched.SCORE))
            .map(
                cell ->
                    "in %s of the groups for %s of the compute (%s)"
                        .formatted(
                            summary.range(cell, Outcome::asGood),
                            summary.range(cell, Outcome::compute),
                            cell.rule().title()))
            .collect(Collectors.joining(", "))
        + ".";
  }

  private static void addTask(Markdown document, TaskFindings task) {
    document.heading(2, task.title() + ", " + task.runs() + " runs");
    if (task.all().isEmpty()) {
      document.paragraph("Too few to draw groups from.");
      return;
    }
    for (Schedule schedule : Schedule.values()) {
      document.heading(3, task.title() + ", " + schedule.title());
      addTable(document, task.of(schedule, Rule.PLAIN));
    }
  }

  private static void addTable(Markdown document, List<Finding> findings) {
    document.table(HEAD, findings.stream().map(PolicyReport::row).toList());
  }

  private static List<String> row(Finding finding) {
    return List.of(
        finding.cell().rule().title(),
        finding.cell().watched().title(),
        Numbers.text(finding.estimate(Outcome::compute), Numbers.WHOLE),
        Numbers.text(finding.estimate(Outcome::best), Numbers.WHOLE),
        Numbers.text(finding.estimate(Outcome::asGood), Numbers.WHOLE),
        Numbers.text(finding.estimate(Outcome::regret), Numbers.TENTHS),
        Numbers.text(finding.estimate(Outcome::regretOfAll), Numbers.TENTHS));
  }
}
