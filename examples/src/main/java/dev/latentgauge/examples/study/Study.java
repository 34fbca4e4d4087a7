package dev.latentgauge.examples.study;

import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.Digits;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.study.report.Provenance;
import dev.latentgauge.examples.study.report.Report;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.MeasurementTable;
import dev.latentgauge.examples.study.task.ImageTask;
import dev.latentgauge.examples.study.task.Scale;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains, measures and reports; see {@code --help}. */
@Command(name = "study", mixinStandardHelpOptions = true, description = "The study.")
public final class Study implements Callable<Integer> {

  @Option(names = "--task", paramLabel = "NAME", description = "Task.")
  private List<String> tasks = List.of("digits", "fashion-mnist");

  @Option(names = "--work", paramLabel = "DIR", defaultValue = "examples/target/study")
  private Path work = Path.of("examples/target/study");

  @Option(names = "--scale", defaultValue = "REPORT")
  private Scale scale = Scale.REPORT;

  private Study() {}

  /**
   * Runs the study.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Study()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, TranslateException {
    Map<String, Case> tables = new LinkedHashMap<>();
    for (String name : tasks) {
      try (Task task = task(name)) {
        TrainingPhase.run(task, work.resolve(name));
        for (View view : task.views()) {
          Path table = work.resolve(view.name() + ".csv");
          if (!Files.exists(table)) {
            MeasurementTable.write(
                new MeasuringPhase(task, view, work.resolve(name)).run(), table);
          }
          tables.put(view.title(), MeasurementTable.read(table));
        }
      }
    }
    Report.of(tables, new Provenance("examples/study.sh", 1, LocalDate.now(ZoneOffset.UTC)))
        .writeTo(work, List.of());
    return CommandLine.ExitCode.OK;
  }

  private Task task(String name) throws DataException {
    return switch (name) {
      case "digits" -> ImageTask.digits(Digits.find(), scale);
      case "fashion-mnist" -> ImageTask.fashionMnist(FashionMnist.find(), scale);
      default -> throw new IllegalArgumentException("unknown task " + name);
    };
  }
}
