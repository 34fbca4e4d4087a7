package dev.latentgauge.agent.attach;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is to be written, maybe after hours; what can be known before is looked at before.
 */
final class OutputFile {

  private OutputFile() {}

  /**
   * Checks a file.
   *
   * @param text its name, relative to the working directory
   * @return the file
   * @throws IllegalArgumentException if it cannot be written
   */
  static Path requireWritable(String text) {
    Path file = Path.of(text);
    Path folder = existing(file);
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new IllegalArgumentException(
          "it must be in a folder that can be written, but " + folder + " is none");
    }
    if (Files.isDirectory(file) || (Files.exists(file) && !Files.isWritable(file))) {
      throw new IllegalArgumentException(
          "it must be a file that can be written, but " + file + " is none");
    }
    return file;
  }

  /**
   * Checks a folder that files are to be written to.
   *
   * @param text its name, relative to the working directory
   * @return the folder
   * @throws IllegalArgumentException if it is something else
   */
  static Path requireFolder(String text) {
    Path folder = Path.of(text);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("it must be a folder, but " + folder + " is none");
    }
    return folder;
  }

  /** The nearest folder above a file that is there; others are made when it is written. */
  private static Path existing(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder == null ? file.toAbsolutePath() : folder;
  }
}
