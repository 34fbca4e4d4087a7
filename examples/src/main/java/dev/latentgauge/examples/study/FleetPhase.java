package dev.latentgauge.examples.study;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.study.fleet.FleetReport;
import dev.latentgauge.examples.study.fleet.Member;
import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.examples.study.task.Run;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.View;
import dev.latentgauge.relative.RelativeRepresentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;

/** Compares the runs of a task with each other, in one view of it. */
final class FleetPhase {

  private FleetPhase() {}

  /**
   * Adds a view to the report.
   *
   * @param measured the table of the view, which has the scores against the reference
   * @param recordings where the recordings are
   */
  static void report(Task task, View view, Case measured, Path recordings, FleetReport report)
      throws IOException {
    Map<String, RunCurve> curves =
        measured.runs().stream().collect(Collectors.toMap(RunCurve::name, Function.identity()));
    List<Run> runs = MeasuringPhase.runs(task, view);
    try (NDManager manager = NDManager.newBaseManager();
        ProgressBar progress = Progress.bar("Comparing " + view.name(), runs.size())) {
      List<Member> members = new ArrayList<>();
      for (Run run : runs) {
        RunCurve curve = Objects.requireNonNull(curves.get(run.name()));
        try (Recording recording = Recording.read(TrainingPhase.file(recordings, run))) {
          members.add(
              new Member(
                  curve.lastAccuracy(),
                  curve.lastValue(Measure.DEFAULT.name()),
                  relative(recording, view, manager)));
        }
        progress.step();
      }
      report.add(view.title(), members);
    }
  }

  private static NDArray relative(Recording recording, View view, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray all = recording.embeddings(view.layer(), recording.size() - 1, scratch);
      NDArray relative = RelativeRepresentation.of(view.anchorsOf(all), view.probesOf(all));
      relative.attach(manager);
      return relative;
    }
  }
}
