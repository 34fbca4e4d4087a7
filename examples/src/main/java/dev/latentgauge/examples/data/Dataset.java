package dev.latentgauge.examples.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A data set: which files it is in, and what they mean.
 *
 * @param <T> what its files are read as
 * @param name what people call it
 * @param remedy a sentence that tells people how to get it
 * @param published the files as the publisher has them, all of which are needed; none if nobody
 *     offers them
 * @param layouts the sets of files in which it may lie in a folder, best first
 * @param reader makes sense of the files of a layout, or of those published
 */
record Dataset<T>(
    String name,
    String remedy,
    List<DataFile> published,
    List<List<DataFile>> layouts,
    Reader<T> reader) {

  /** Makes sense of files. */
  @FunctionalInterface
  interface Reader<T> {

    /**
     * Reads a data set.
     *
     * @param contents what the files have in them, in their order
     * @throws DataException if that is not what it should be
     */
    T read(List<Content> contents) throws DataException;
  }

  Dataset {
    published = List.copyOf(published);
    layouts = List.copyOf(layouts);
  }

  /** Whether a folder has a file of every name; says nothing about what is in them. */
  boolean isIn(Path folder) {
    return layouts.stream().anyMatch(layout -> missing(layout, folder).isEmpty());
  }

  /**
   * Reads and checks all files.
   *
   * @param folder where they are
   * @return what they mean
   * @throws DataException if a file is missing or is not what it should be
   */
  T read(Path folder) throws DataException {
    List<DataFile> layout = nearestLayout(folder);
    List<String> missing = missing(layout, folder);
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s needs %s in %s, where there is no such file. %s"
              .formatted(name, String.join(", ", missing), folder.toAbsolutePath(), remedy));
    }
    try {
      List<Content> contents = new ArrayList<>();
      for (DataFile file : layout) {
        Path path = folder.resolve(file.name());
        contents.addAll(file.read(path, path));
      }
      return reader.read(contents);
    } catch (DataException e) {
      throw new DataException(e.getMessage() + ". " + remedy, e);
    }
  }

  /** The layout of which the fewest files are missing. */
  private List<DataFile> nearestLayout(Path folder) {
    return layouts.stream()
        .min(Comparator.comparingInt(layout -> missing(layout, folder).size()))
        .orElseThrow();
  }

  private static List<String> missing(List<DataFile> layout, Path folder) {
    return layout.stream()
        .map(DataFile::name)
        .filter(file -> !Files.isRegularFile(folder.resolve(file)))
        .toList();
  }
}
