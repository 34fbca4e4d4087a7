package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A reference on its way to the executors: its file as it was when the job began.
 *
 * @param file what it was read from, with its file system
 * @param bytes all of it
 */
@SuppressWarnings("ArrayRecordComponent") // is handed on, and never compared
record ReferenceContent(String file, byte[] bytes) implements Serializable {

  private static final long MOST_BYTES = 1L << 30;

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is too large to be sent to every executor
   */
  static ReferenceContent read(Path file, Configuration configuration) throws IOException {
    FileSystem system = file.getFileSystem(configuration);
    long length = system.getFileStatus(file).getLen();
    if (length > MOST_BYTES) {
      throw new IOException(
          "a reference must have at most "
              + MOST_BYTES
              + " bytes, as it is sent to every executor, but "
              + file
              + " has "
              + length);
    }
    try (InputStream content = system.open(file)) {
      return new ReferenceContent(file.toString(), content.readAllBytes());
    }
  }
}
