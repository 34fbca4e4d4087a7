package dev.latentgauge.examples.data;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A data set that is published as several IDX files, all of which are needed.
 *
 * @param name what people call it
 * @param remedy a sentence that tells people how to get it
 * @param archives its files
 */
record IdxDataset(String name, String remedy, List<IdxArchive> archives) {

  IdxDataset {
    archives = List.copyOf(archives);
  }

  /** Whether a folder has a file of every name; says nothing about what is in them. */
  boolean isIn(Path folder) {
    return missingFrom(folder).isEmpty();
  }

  /**
   * Reads and checks all files.
   *
   * @param folder where they are
   * @return the values of each file, in the order of {@link #archives}
   * @throws DataException if a file is missing or is not what it should be
   */
  List<ByteBuffer> read(Path folder) throws DataException {
    List<String> missing = missingFrom(folder);
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s needs %s in %s, where there is no such file. %s"
              .formatted(name, String.join(", ", missing), folder.toAbsolutePath(), remedy));
    }
    List<ByteBuffer> contents = new ArrayList<>();
    for (IdxArchive archive : archives) {
      try {
        Path file = folder.resolve(archive.name());
        contents.add(archive.read(file, file));
      } catch (DataException e) {
        throw new DataException(e.getMessage() + ". " + remedy, e);
      }
    }
    return contents;
  }

  private List<String> missingFrom(Path folder) {
    return archives.stream()
        .map(IdxArchive::name)
        .filter(file -> !Files.isRegularFile(folder.resolve(file)))
        .toList();
  }
}
