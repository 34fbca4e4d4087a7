package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A file of named arrays in the safetensors format, open for reading: eight bytes with the length
 * of a header, the header in JSON, and the numbers of all arrays, little-endian and without gaps.
 *
 * <p>Reading trusts nothing. Opening reads the header alone, which has a bound of its own, and
 * requires every array to lie where the format says, within the file. Arrays are read on demand,
 * whole or some rows, through one small buffer into memory that the engine allocates: files may be
 * larger than memory, and nothing is mapped, so that a file that is cut short meanwhile is an error
 * and not the end of the process. Not thread-safe.
 *
 * @see TensorFileWriter
 * @see <a href="https://huggingface.co/docs/safetensors">The format</a>
 */
final class TensorFile implements AutoCloseable {

  private static final int LONGEST_HEADER = 16 << 20;
  private static final int PREFIX = 8;

  /** How many numbers are read at a time: larger copies wake the engine's threads for each. */
  private static final int PIECE = 1 << 14;

  private final Path path;
  private final FileChannel channel;
  private final TensorHeader header;
  private final long start;

  private TensorFile(Path path, FileChannel channel, TensorHeader header, long start) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.start = start;
  }

  /**
   * Opens a file.
   *
   * @throws InvalidFileException if it is not in the format, with the reason
   * @throws IOException if it cannot be read
   */
  static TensorFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new InvalidFileException(path + " must be a safetensors file, but is a folder");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      long length = headerLength(path, channel);
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      readFully(path, channel, PREFIX, bytes);
      TensorHeader header = TensorHeader.parse(bytes.flip(), channel.size() - PREFIX - length);
      return new TensorFile(path, channel, header, PREFIX + length);
    } catch (IllegalArgumentException e) {
      channel.close();
      throw invalid(path, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static long headerLength(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < PREFIX) {
      throw invalid(path, "it has " + size + " bytes, and a header needs 8 at least");
    }
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
    readFully(path, channel, 0, prefix);
    long length = prefix.flip().getLong();
    long most = Math.min(LONGEST_HEADER, size - PREFIX);
    if (length < 2 || length > most) {
      throw invalid(
          path, "its header must have from 2 to " + most + " bytes, but claims " + length);
    }
    return length;
  }

  private static void readFully(Path path, FileChannel channel, long position, ByteBuffer buffer)
      throws IOException {
    int offset = buffer.position();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position() - offset) < 0) {
        throw invalid(path, "it became shorter while it was read");
      }
    }
  }

  private static InvalidFileException invalid(Path path, String reason) {
    return new InvalidFileException(path + " is not a valid safetensors file: " + reason);
  }

  Path path() {
    return path;
  }

  /** Texts by name. */
  SortedMap<String, String> metadata() {
    return header.metadata();
  }

  /** What arrays there are, by name. */
  SortedMap<String, TensorHeader.Tensor> tensors() {
    return header.tensors();
  }

  /**
   * Reads an array if it is there.
   *
   * @param manager receives the array, and decides on the device
   * @throws IllegalArgumentException if it has no numbers
   */
  Optional<NDArray> read(String name, NDManager manager) throws IOException {
    TensorHeader.Tensor tensor = tensors().get(name);
    if (tensor == null) {
      return Optional.empty();
    }
    if (tensor.size() == 0) {
      throw new IllegalArgumentException(
          "its array " + TensorHeader.quote(name) + " must not be empty, but is " + tensor);
    }
    return Optional.of(read(tensor, manager));
  }

  /**
   * Reads some of the arrays.
   *
   * @param wanted the names of those that are read
   * @param manager receives the arrays, and decides on the device
   * @throws IllegalArgumentException if one of them has no numbers
   */
  SortedMap<String, NDArray> read(Predicate<String> wanted, NDManager manager) throws IOException {
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    for (String name : tensors().keySet()) {
      if (wanted.test(name)) {
        read(name, manager).ifPresent(array -> arrays.put(name, array));
      }
    }
    return arrays;
  }

  /**
   * Reads an array.
   *
   * @param tensor one of {@link #tensors}
   * @param manager receives the array, and decides on the device
   */
  NDArray read(TensorHeader.Tensor tensor, NDManager manager) throws IOException {
    return read(tensor, tensor.shape(), 0, manager);
  }

  /**
   * Reads some rows of an array of at least one dimension.
   *
   * @param tensor one of {@link #tensors}
   * @param rows which
   * @param manager receives the array, and decides on the device
   */
  NDArray read(TensorHeader.Tensor tensor, Rows.Range rows, NDManager manager) throws IOException {
    long rowSize = tensor.size() / Math.max(1, tensor.shape().get(0));
    Shape shape = new Shape(rows.to() - rows.from()).addAll(tensor.shape().slice(1));
    return read(tensor, shape, rows.from() * rowSize, manager);
  }

  private NDArray read(TensorHeader.Tensor tensor, Shape shape, long offset, NDManager manager)
      throws IOException {
    TensorType type = tensor.type();
    long size = shape.size();
    try (NDManager scratch = manager.newSubManager()) {
      NDArray flat = scratch.create(new Shape(size), type.read());
      ByteBuffer buffer = directBuffer(Math.min(size, PIECE) * type.read().getNumOfBytes());
      for (long from = 0; from < size; from += PIECE) {
        int count = (int) Math.min(PIECE, size - from);
        fill(buffer, type, start + tensor.begin() + (offset + from) * type.bytes(), count);
        try (NDArray part = scratch.create(buffer, new Shape(count), type.read())) {
          flat.set(new NDIndex().addSliceDim(from, from + count), part);
        }
      }
      NDArray array = flat.reshape(shape);
      array.attach(manager);
      return array;
    }
  }

  private void fill(ByteBuffer buffer, TensorType type, long position, int count)
      throws IOException {
    buffer.clear().limit(count * type.read().getNumOfBytes());
    if (type.isWidened()) {
      ByteBuffer stored = directBuffer((long) count * type.bytes());
      readFully(path, channel, position, stored);
      stored.flip();
      while (stored.hasRemaining()) {
        type.widen(stored, buffer);
      }
    } else {
      readFully(path, channel, position, buffer);
    }
    buffer.flip();
  }

  private static ByteBuffer directBuffer(long size) {
    return ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
