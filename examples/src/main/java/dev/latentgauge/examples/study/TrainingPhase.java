package dev.latentgauge.examples.study;

import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.task.Run;
import dev.latentgauge.examples.study.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** Trains what is not recorded yet. */
final class TrainingPhase {

  private TrainingPhase() {}

  /**
   * Trains all runs of a task that have no recording; stopped in the middle, it goes on with the
   * run that it was at.
   *
   * @param task what to train
   * @param folder where recordings go
   */
  static void run(Task task, Path folder) throws IOException, TranslateException {
    Files.createDirectories(folder);
    List<Run> missing =
        task.runs().stream().filter(run -> !Files.exists(file(folder, run))).toList();
    if (missing.isEmpty()) {
      return;
    }
    try (ProgressBar progress = Progress.bar("Training " + task.name(), missing.size())) {
      for (Run run : missing) {
        progress.setExtraMessage(run.name());
        // Another process may have trained it in the meantime.
        if (!Files.exists(file(folder, run))) {
          train(task, run, file(folder, run));
        }
        progress.step();
      }
    }
  }

  private static void train(Task task, Run run, Path file) throws IOException, TranslateException {
    try (Recording.Writer writer = new Recording.Writer()) {
      task.train(run, writer);
      writer.writeTo(file);
    }
  }

  /** Where the recording of a run is. */
  static Path file(Path folder, Run run) {
    return folder.resolve(run.name() + ".npz");
  }
}
