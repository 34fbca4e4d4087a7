package dev.latentgauge.collector.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What must outlive a power cut: each of these is on the disk when it returns. */
public final class Durable {

  private Durable() {}

  /**
   * Writes a new file.
   *
   * @param file where; must not exist
   * @param text its content, in UTF-8
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * Forces what was written to a file.
   *
   * @param file the file
   * @throws IOException if that cannot be done
   */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Moves a file within its file system, in place of one that may be there.
   *
   * @param from the file, whose content was forced
   * @param to where it shall be
   * @throws IOException if it cannot be moved
   */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder(to.toAbsolutePath().resolveSibling(""));
  }

  /**
   * Forces what files a folder has.
   *
   * @param folder the folder
   * @throws IOException if that cannot be done
   */
  public static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
