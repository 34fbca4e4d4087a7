package dev.latentgauge.examples.study;

import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.MeasurementTable;
import dev.latentgauge.examples.study.task.Run;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The tables of the study, made where they are missing or older than the recordings.
 *
 * <p>They are made beside the recordings, and copied to where the report is: what is there may be
 * of another scale.
 */
final class Tables {

  private static final String MEASURES = "";
  private static final String VARIATIONS = "-variations";
  private static final String REFERENCES = "-references";

  private final Path folder;

  /**
   * In a folder.
   *
   * @param folder where the tables are that the report is made from
   */
  Tables(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the tables of all views of a task.
   *
   * @param recordings of all its runs
   * @param anew whether those are made anew, too, that are newer than the recordings
   */
  void make(Task task, Path recordings, boolean anew) throws IOException {
    Files.createDirectories(folder);
    FileTime stale = anew ? FileTime.from(Instant.MAX) : newest(task, recordings);
    for (View view : task.views()) {
      MeasuringPhase phase = new MeasuringPhase(task, view, recordings);
      make(recordings.resolve(name(view.name(), MEASURES)), stale, phase::measures);
      make(recordings.resolve(name(view.name(), VARIATIONS)), stale, phase::variations);
      make(recordings.resolve(name(view.name(), REFERENCES)), stale, phase::references);
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

  private void make(Path file, FileTime stale, Measuring measuring) throws IOException {
    if (!Files.exists(file) || Files.getLastModifiedTime(file).compareTo(stale) < 0) {
      MeasurementTable.write(measuring.table(), file);
    }
    Path shown = folder.resolve(file.getFileName());
    if (!Files.exists(shown) || Files.mismatch(file, shown) >= 0) {
      Files.copy(file, shown, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Every measure at every snapshot, given the name of a view. */
  Case measures(String view) throws IOException {
    return read(view, MEASURES);
  }

  /** The score under variations. */
  Case variations(View view) throws IOException {
    return read(view.name(), VARIATIONS);
  }

  /** Every measure of the references. */
  Case references(View view) throws IOException {
    return read(view.name(), REFERENCES);
  }

  private Case read(String view, String kind) throws IOException {
    Path file = folder.resolve(name(view, kind));
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing: make it without --report-only");
    }
    return MeasurementTable.read(file);
  }

  private static String name(String view, String kind) {
    return view + kind + ".csv";
  }
}
