package dev.latentgauge.examples.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Finds files by what a user calls them. */
final class FileListing {

  private static final String ENDING = ".safetensors";

  private final Configuration configuration;

  FileListing(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * The files that are meant.
   *
   * @param named files, patterns, or folders, of which the safetensors files in them and below are
   *     meant
   * @return each file once, in the order of their names, with their file systems
   * @throws IOException if a name means no file, or a file system cannot be asked
   */
  List<Path> files(List<String> named) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    for (String name : named) {
      List<Path> found = files(name);
      if (found.isEmpty()) {
        throw new FileNotFoundException("there is no file of embeddings at " + name);
      }
      files.addAll(found);
    }
    return List.copyOf(files);
  }

  private List<Path> files(String name) throws IOException {
    Path pattern = new Path(name);
    FileSystem system = pattern.getFileSystem(configuration);
    FileStatus[] matches = system.globStatus(pattern);
    List<Path> files = new ArrayList<>();
    for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
      if (match.isDirectory()) {
        addBelow(system, match.getPath(), files);
      } else {
        files.add(match.getPath());
      }
    }
    return files;
  }

  private static void addBelow(FileSystem system, Path folder, List<Path> files)
      throws IOException {
    RemoteIterator<LocatedFileStatus> below = system.listFiles(folder, true);
    while (below.hasNext()) {
      Path file = below.next().getPath();
      if (file.getName().endsWith(ENDING)) {
        files.add(file);
      }
    }
  }
}
