package dev.latentgauge.examples.data;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
   * Finds, reads and checks a data set.
   *
   * @param dataset what to look for
   * @return the values of each of its files
   * @throws DataException if it is neither here nor to be had, or a file is damaged
   */
  List<ByteBuffer> find(IdxDataset dataset) throws DataException {
    for (Path folder : folders) {
      if (dataset.isIn(folder)) {
        return dataset.read(folder);
      }
    }
    try {
      List<ByteBuffer> contents = new ArrayList<>();
      for (IdxArchive archive : dataset.archives()) {
        contents.add(fromCache(archive));
      }
      return contents;
    } catch (DataException e) {
      throw new DataException(
          "%s is in none of %s, and %s. %s"
              .formatted(dataset.name(), places(), e.getMessage(), dataset.remedy()),
          e);
    }
  }

  private ByteBuffer fromCache(IdxArchive archive) throws DataException {
    Path cached = cache.resolve(archive.name());
    if (Files.exists(cached)) {
      try {
        return archive.read(cached, cached);
      } catch (DataException e) {
        return publisher.download(archive, cache);
      }
    }
    return publisher.download(archive, cache);
  }

  private String places() {
    return Stream.concat(folders.stream(), Stream.of(cache))
        .map(folder -> folder.toAbsolutePath().normalize().toString())
        .collect(Collectors.joining(", "));
  }
}
