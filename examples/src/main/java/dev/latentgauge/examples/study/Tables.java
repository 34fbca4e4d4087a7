package dev.latentgauge.examples.study;

import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.MeasurementTable;
import dev.latentgauge.examples.study.task.Run;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** The tables of the study, made where they are missing or older than the recordings. */
final class Tables {

  private final Path folder;

  /**
   * In a folder.
   *
   * @param folder where the tables are
   */
  Tables(Path folder) {
    this.folder = folder;
  }

  /** Makes the tables of all views of a task, unless they are up to date. */
  void make(Task task, Path recordings) throws IOException {
    Files.createDirectories(folder);
    FileTime newest = newest(task, recordings);
    for (View view : task.views()) {
      MeasuringPhase phase = new MeasuringPhase(task, view, recordings);
      make(file(view, ""), newest, phase::measures);
      make(file(view, "-variations"), newest, phase::variations);
      make(file(view, "-references"), newest, phase::references);
    }
  }

  private static FileTime newest(Task task, Path recordings) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    for (Run run : task.runs()) {
      FileTime time = Files.getLastModifiedTime(TrainingPhase.file(recordings, run));
      if (time.compareTo(newest) > 0) {
        newest = time;
      }
    }
    return newest;
  }

  /** Measures. */
  private interface Measuring {
    Case table() throws IOException;
  }

  private static void make(Path file, FileTime newest, Measuring measuring) throws IOException {
    if (!Files.exists(file) || Files.getLastModifiedTime(file).compareTo(newest) < 0) {
      MeasurementTable.write(measuring.table(), file);
    }
  }

  /** Every measure at every snapshot. */
  Case measures(View view) throws IOException {
    return read(file(view, ""));
  }

  /** The score under variations. */
  Case variations(View view) throws IOException {
    return read(file(view, "-variations"));
  }

  /** Every measure of the references. */
  Case references(View view) throws IOException {
    return read(file(view, "-references"));
  }

  private static Case read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing: make it without --report-only");
    }
    return MeasurementTable.read(file);
  }

  private Path file(View view, String kind) {
    return folder.resolve(view.name() + kind + ".csv");
  }
}
