package dev.latentgauge.collector;

import dev.latentgauge.collector.access.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lies where in the data folder of a collector.
 *
 * @param folder the folder
 */
record DataLayout(Path folder) {

  /** Runs and observations, unless they are kept in a database elsewhere. */
  Path history() {
    return folder.resolve("history");
  }

  /** References, and what is said of them. */
  Path references() {
    return folder.resolve("references");
  }

  /** Copies of references that are kept in a database elsewhere. */
  Path referenceCopies() {
    return folder.resolve("reference-copies");
  }

  /** What is on its way. */
  Path uploads() {
    return folder.resolve("uploads");
  }

  /** The tokens of those who are let in, unless they are kept elsewhere. */
  Path tokens() {
    return folder.resolve(TokenFile.NAME);
  }

  /** Deletes a folder with all that is in it, if it exists. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> tree;
      try (Stream<Path> paths = Files.walk(folder)) {
        tree = paths.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : tree) {
        Files.delete(path);
      }
    }
  }
}
