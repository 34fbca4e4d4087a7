package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.latentgauge.probe.ArrayBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Writes files of named arrays in the safetensors format, atomically: a file is complete and on
 * disk, or what was there before is untouched.
 */
final class TensorFileWriter {

  private TensorFileWriter() {}

  /**
   * Writes a file.
   *
   * @param path replaced if it exists; if it is a link, what it leads to
   * @param metadata texts by name
   * @param tensors arrays by name, on any device
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if there is an array of a type that the format does not have
   */
  static void write(
      Path path, SortedMap<String, String> metadata, SortedMap<String, NDArray> tensors)
      throws IOException {
    ByteBuffer header = header(metadata, tensors);
    Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(path + " cannot be written: it is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(path + " cannot be written: there is no folder " + folder);
    }
    Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeFully(channel, header);
        for (NDArray array : tensors.values()) {
          ArrayBytes.handOver(array, bytes -> writeFully(channel, bytes));
        }
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder);
    } catch (IOException e) {
      throw new IOException(path + " cannot be written: " + reason(e), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Why, without the name of the temporary file. */
  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
    return reason == null ? failure.toString() : reason;
  }

  private static ByteBuffer header(
      SortedMap<String, String> metadata, SortedMap<String, NDArray> tensors) {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    header.add("__metadata__", texts);
    long offset = 0;
    for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
      NDArray array = tensor.getValue();
      TensorType type = TensorType.of(array.getDataType());
      long end = offset + array.getShape().size() * type.bytes();
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", type.name());
      entry.add("shape", integers(array.getShape().getShape()));
      entry.add("data_offsets", integers(offset, end));
      header.add(tensor.getKey(), entry);
      offset = end;
    }
    String text = header.toString();
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    // Padded so that the numbers are aligned.
    byte[] bytes = (text + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    return buffer.putLong(bytes.length).put(bytes).flip();
  }

  private static JsonArray integers(long... numbers) {
    JsonArray array = new JsonArray(numbers.length);
    for (long number : numbers) {
      array.add(number);
    }
    return array;
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Makes a new name in a folder last, where the system lets a folder be opened for that. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows has no such thing; the file itself is on disk.
    }
  }
}
