package dev.latentgauge.examples.study;

import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.Digits;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.study.fleet.FleetReport;
import dev.latentgauge.examples.study.policy.PolicyReport;
import dev.latentgauge.examples.study.report.Provenance;
import dev.latentgauge.examples.study.report.Report;
import dev.latentgauge.examples.study.report.Section;
import dev.latentgauge.examples.study.task.CoraTask;
import dev.latentgauge.examples.study.task.ImageTask;
import dev.latentgauge.examples.study.task.PlanetoidTask;
import dev.latentgauge.examples.study.task.Scale;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.TrecTask;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains, measures and reports; see {@code --help}. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    description = {
      "Trains networks on real tasks, computes every measure at every snapshot, and writes a report"
          + " of how far each follows accuracy.",
      "Stopped in the middle, the same command goes on where it was."
    })
public final class Study implements Callable<Integer> {

  private static final long SEED = 1;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description =
          "One of ${COMPLETION-CANDIDATES}; may be given several times. All if not given.")
  private List<TaskName> tasks = List.of(TaskName.values());

  @Option(
      names = "--scale",
      description =
          "${COMPLETION-CANDIDATES}: a smoke run of minutes, what the report is made of, or all of"
              + " the grid (default: ${DEFAULT-VALUE}).")
  private Scale scale = Scale.REPORT;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder for recordings of trainings, some GB (default: ${DEFAULT-VALUE}).")
  private Path work = Path.of("examples/target/study");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for tables, figures and report (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("examples/target/study/results");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with data as they are published, or with folders cora, digits, fashion-mnist and"
              + " trec of them; found or downloaded if not given.")
  private @Nullable Path data;

  @Option(
      names = "--train-only",
      description = "Only trains: tasks may be trained by several processes at once.")
  private boolean trainOnly;

  @Option(
      names = "--remeasure",
      description = "Makes all tables anew from the recordings: after a change of the measures.")
  private boolean remeasure;

  @Option(
      names = "--report-only",
      description =
          "Trains and measures nothing: makes the report from the tables there are, and describes the"
              + " data, which must be there too.")
  private boolean reportOnly;

  @Option(
      names = "--fleets",
      description =
          "Also compares the runs of each task with each other, as if there were no reference, and"
              + " writes what that says of their accuracy.")
  private boolean fleets;

  @Option(
      names = "--policies",
      description =
          "Also says what stop policies would have saved and cost, had they watched the runs. With"
              + " --report-only it needs nothing but the tables, and makes no other report.")
  private boolean policies;

  private Study() {}

  /**
   * Runs the study.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs the study, and says how it ended as a process would. */
  static int execute(String... arguments) {
    return new CommandLine(new Study())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Study::explain)
        .execute(arguments);
  }

  /** What can be mended is said in a sentence; anything else is a defect and shows where it is. */
  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof IOException) {
      command.getErr().println("study: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw e;
  }

  @Override
  public Integer call() throws IOException, TranslateException {
    if (fleets && (reportOnly || trainOnly)) {
      throw new IOException(
          "--fleets needs recordings and tables: leave out --report-only and --train-only");
    }
    if (policies && trainOnly) {
      throw new IOException("--policies needs tables: leave out --train-only");
    }
    Tables tables = new Tables(output);
    if (!(policies && reportOnly)) {
      study(tables);
    }
    if (policies) {
      simulate(tables);
    }
    return CommandLine.ExitCode.OK;
  }

  /** Trains, measures and reports, as far as was asked for. */
  private void study(Tables tables) throws IOException, TranslateException {
    FleetReport fleetReport = new FleetReport(command() + " --fleets");
    List<Section> sections = new ArrayList<>();
    for (TaskName name : tasks) {
      try (Task task = task(name)) {
        Path recordings = work.resolve(scaleName()).resolve(task.name());
        if (!reportOnly) {
          TrainingPhase.run(task, recordings);
        }
        if (trainOnly) {
          continue;
        }
        if (!reportOnly) {
          tables.make(task, recordings, remeasure);
        }
        for (View view : task.views()) {
          // Where every input is an anchor, a fleet does not fit into memory.
          if (fleets && !view.isBrief()) {
            FleetPhase.report(task, view, tables.measures(view.name()), recordings, fleetReport);
          }
          sections.add(
              new Section(
                  view.title(),
                  task.description(),
                  tables.measures(view.name()),
                  tables.variations(view),
                  tables.references(view)));
        }
      }
    }
    if (fleets) {
      fleetReport.writeTo(output);
    }
    if (!trainOnly) {
      Report.of(sections, new Provenance(command(), SEED, LocalDate.now(ZoneOffset.UTC)))
          .writeTo(output);
      System.out.println(
          "report: "
              + output.resolve("report.md")
              + (scale == Scale.SMOKE ? " (of a smoke run: its numbers mean nothing)" : ""));
    }
  }

  /** Lets policies stop the runs that are in the tables. */
  private void simulate(Tables tables) throws IOException {
    PolicyReport report = new PolicyReport(command() + " --report-only --policies");
    for (TaskName name : tasks) {
      report.add(name.title, tables.measures(name.toString()));
      report.addScore(name.title + ", after the activation", tables.measures(name + "-activation"));
    }
    report.writeTo(output);
    System.out.println("policies: " + output.resolve(PolicyReport.FILE));
  }

  /** What makes the same tables. */
  private String command() {
    StringBuilder command = new StringBuilder("examples/study.sh --scale ").append(scaleName());
    if (!tasks.equals(List.of(TaskName.values()))) {
      tasks.forEach(task -> command.append(" --task ").append(task));
    }
    return command.toString();
  }

  private String scaleName() {
    return scale.name().toLowerCase(Locale.ROOT);
  }

  private Task task(TaskName name) throws DataException {
    return switch (name) {
      case CORA -> new CoraTask(data(name, Cora::find, Cora::load), scale);
      case CORA_PLANETOID -> new PlanetoidTask(data(TaskName.CORA, Cora::find, Cora::load), scale);
      case DIGITS -> ImageTask.digits(data(name, Digits::find, Digits::load), scale);
      case FASHION_MNIST ->
          ImageTask.fashionMnist(data(name, FashionMnist::find, FashionMnist::load), scale);
      case TREC ->
          new TrecTask(
              data(name, Trec::find, Trec::load), work.resolve("sentence-embeddings"), scale);
    };
  }

  private <T> T data(TaskName name, Finder<T> finder, Loader<T> loader) throws DataException {
    if (data == null) {
      return finder.find();
    }
    Path own = data.resolve(name.toString());
    return loader.load(Files.isDirectory(own) ? own : data);
  }

  /** Looks for data wherever they may be. */
  private interface Finder<T> {
    T find() throws DataException;
  }

  /** Reads data from a folder. */
  private interface Loader<T> {
    T load(Path folder) throws DataException;
  }

  /** The tasks, in the order of the report. */
  private enum TaskName {
    CORA("Cora"),
    CORA_PLANETOID("Cora, 140 labels"),
    DIGITS("Digits"),
    FASHION_MNIST("Fashion-MNIST"),
    TREC("TREC");

    /** For people; the same as that of the view of its monitored layer. */
    private final String title;

    TaskName(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
