package dev.latentgauge.examples.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds a data set: the first folder that has all its files, else the cache, which is filled from
 * the publisher.
 *
 * <p>A folder with a damaged file is an error rather than a reason to look further: whoever put the
 * file there should know. The cache is ours, so there a damaged file is replaced.
 *
 * @param folders where the files may lie, best first
 * @param cache where downloads are kept; made when needed
 * @param publisher from where they are downloaded
 */
record DataSearch(List<Path> folders, Path cache, Publisher publisher) {

  DataSearch {
    folders = List.copyOf(folders);
  }

  /**
   * The search that suits a user's machine: in the folders of the system, then in {@code
   * shared/data} beside this repository, then in {@code latentgauge} of the user's cache folder.
   *
   * @param folder the name of the data set's folder in the last two
   * @param system where packages of the system put the data set, if they do
   * @param publisher from where it is downloaded
   */
  static DataSearch on(String folder, List<Path> system, Publisher publisher) {
    // Programs run in the folder of the repository, tests in that of a module.
    Stream<Path> shared = Stream.of("../shared/data", "../../shared/data").map(Path::of);
    return new DataSearch(
        Stream.concat(system.stream(), shared.map(data -> data.resolve(folder))).toList(),
        cacheFolder(System.getenv(), Path.of(System.getProperty("user.home")))
            .resolve("latentgauge")
            .resolve(folder),
        publisher);
  }

  /** As the XDG Base Directory Specification says, which ignores a relative path. */
  static Path cacheFolder(Map<String, String> environment, Path home) {
    Path chosen = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return chosen.isAbsolute() ? chosen : home.resolve(".cache");
  }

  /**
   * Finds, reads and checks a data set.
   *
   * @param dataset what to look for
   * @return what its files mean
   * @throws DataException if it is neither here nor to be had, or a file is damaged
   */
  <T> T find(Dataset<T> dataset) throws DataException {
    for (Path folder : folders) {
      if (dataset.isIn(folder)) {
        return dataset.read(folder);
      }
    }
    return dataset.published().isEmpty() ? fromUser(dataset) : fromPublisher(dataset);
  }

  /** What nobody publishes is in the cache only if a user put it there, who should know. */
  private <T> T fromUser(Dataset<T> dataset) throws DataException {
    if (dataset.isIn(cache)) {
      return dataset.read(cache);
    }
    throw new DataException(
        "%s is in none of %s, and nobody offers its files for download. %s"
            .formatted(dataset.name(), places(), dataset.remedy()));
  }

  private <T> T fromPublisher(Dataset<T> dataset) throws DataException {
    try {
      List<Content> contents = new ArrayList<>();
      for (DataFile file : dataset.published()) {
        contents.addAll(fromCache(file));
      }
      return dataset.reader().read(contents);
    } catch (DataException e) {
      throw new DataException(
          "%s is in none of %s, and %s. %s"
              .formatted(dataset.name(), places(), e.getMessage(), dataset.remedy()),
          e);
    }
  }

  private List<Content> fromCache(DataFile file) throws DataException {
    Path cached = cache.resolve(file.name());
    if (Files.exists(cached)) {
      try {
        return file.read(cached, cached);
      } catch (DataException e) {
        return publisher.download(file, cache);
      }
    }
    return publisher.download(file, cache);
  }

  private String places() {
    return Stream.concat(folders.stream(), Stream.of(cache))
        .map(folder -> folder.toAbsolutePath().normalize().toString())
        .collect(Collectors.joining(", "));
  }
}
