package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files of named arrays in the safetensors format: eight bytes with the length of a header, the
 * header in JSON, and the numbers of all arrays, little-endian and without gaps.
 *
 * <p>Reading trusts nothing: no more is allocated than the file is long, the header has a bound of
 * its own, and every array must lie where the format says. Writing is atomic: a file is complete
 * and on disk, or it is not there.
 *
 * @param metadata texts by name
 * @param tensors arrays by name
 * @see <a href="https://huggingface.co/docs/safetensors">The format</a>
 */
record TensorFile(SortedMap<String, String> metadata, SortedMap<String, NDArray> tensors) {

  static final int LONGEST_HEADER = 1 << 20;
  private static final int MOST_DIMENSIONS = 8;
  private static final String METADATA = "__metadata__";

  private static final Map<String, DataType> TYPES =
      Map.ofEntries(
          Map.entry("F64", DataType.FLOAT64),
          Map.entry("F32", DataType.FLOAT32),
          Map.entry("F16", DataType.FLOAT16),
          Map.entry("BF16", DataType.BFLOAT16),
          Map.entry("I64", DataType.INT64),
          Map.entry("I32", DataType.INT32),
          Map.entry("I16", DataType.INT16),
          Map.entry("I8", DataType.INT8),
          Map.entry("U8", DataType.UINT8),
          Map.entry("BOOL", DataType.BOOLEAN));

  /** Where an array lies behind the header. */
  private record Entry(String name, DataType type, Shape shape, long begin, long end) {}

  /**
   * Writes the file, replacing one that is there.
   *
   * @throws IOException if it cannot be written; then what was there is untouched
   */
  void write(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(directory, file.getFileName().toString(), ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        writeFully(channel, header());
        for (NDArray array : tensors.values()) {
          writeFully(channel, array.toByteBuffer());
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private ByteBuffer header() {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    header.add(METADATA, texts);
    long offset = 0;
    for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
      NDArray array = tensor.getValue();
      long end = offset + array.getShape().size() * array.getDataType().getNumOfBytes();
      JsonArray shape = new JsonArray();
      for (long size : array.getShape().getShape()) {
        shape.add(size);
      }
      JsonArray offsets = new JsonArray();
      offsets.add(offset);
      offsets.add(end);
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", nameOf(array.getDataType()));
      entry.add("shape", shape);
      entry.add("data_offsets", offsets);
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

  private static String nameOf(DataType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("arrays of type " + type + " cannot be written"));
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Reads a file.
   *
   * @param manager receives the arrays
   * @throws InvalidFileException if it is not in the format, with the reason
   * @throws IOException if it cannot be read
   */
  static TensorFile read(Path file, NDManager manager) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Reader(file, channel).read(manager);
    }
  }

  /** One pass over one file, which is named in every error. */
  private record Reader(Path file, FileChannel channel) {

    TensorFile read(NDManager manager) throws IOException {
      long size = channel.size();
      if (size < 8) {
        throw invalid("it has " + size + " bytes, and a header needs 8 at least");
      }
      long headerLength = read(0, 8).getLong();
      if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, size - 8)) {
        throw invalid(
            "its header must have from 2 to "
                + Math.min(LONGEST_HEADER, size - 8)
                + " bytes, but claims "
                + headerLength);
      }
      JsonObject header = parse(read(8, (int) headerLength));
      List<Entry> entries = entries(header);
      requireNoGaps(entries, size - 8 - headerLength);
      SortedMap<String, NDArray> tensors = new TreeMap<>();
      for (Entry entry : entries) {
        ByteBuffer numbers =
            read(8 + headerLength + entry.begin(), (int) (entry.end() - entry.begin()));
        tensors.put(entry.name(), manager.create(numbers, entry.shape(), entry.type()));
      }
      return new TensorFile(metadata(header), tensors);
    }

    private ByteBuffer read(long position, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw invalid("it became shorter while it was read");
        }
      }
      return buffer.flip();
    }

    private JsonObject parse(ByteBuffer bytes) throws IOException {
      JsonReader reader =
          new JsonReader(new StringReader(StandardCharsets.UTF_8.decode(bytes).toString()));
      reader.setStrictness(Strictness.STRICT);
      try {
        JsonElement element = JsonParser.parseReader(reader);
        if (element.isJsonObject()) {
          return element.getAsJsonObject();
        }
      } catch (JsonParseException e) {
        throw invalid("its header is not valid JSON (" + reader.getPath() + ")");
      }
      throw invalid("its header is not a JSON object");
    }

    private SortedMap<String, String> metadata(JsonObject header) throws InvalidFileException {
      SortedMap<String, String> metadata = new TreeMap<>();
      JsonElement texts = header.get(METADATA);
      if (texts == null) {
        return metadata;
      }
      if (!texts.isJsonObject()) {
        throw invalid("its " + METADATA + " is not a JSON object");
      }
      for (Map.Entry<String, JsonElement> text : texts.getAsJsonObject().entrySet()) {
        if (!text.getValue().isJsonPrimitive()) {
          throw invalid("its metadata " + text.getKey() + " is not a text");
        }
        metadata.put(text.getKey(), text.getValue().getAsString());
      }
      return metadata;
    }

    private List<Entry> entries(JsonObject header) throws InvalidFileException {
      List<Entry> entries = new ArrayList<>();
      for (Map.Entry<String, JsonElement> field : header.entrySet()) {
        if (!field.getKey().equals(METADATA)) {
          entries.add(entry(field.getKey(), field.getValue()));
        }
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      return entries;
    }

    private Entry entry(String name, JsonElement element) throws InvalidFileException {
      try {
        JsonObject object = element.getAsJsonObject();
        DataType type = TYPES.get(object.get("dtype").getAsString());
        if (type == null) {
          throw invalid("its array " + name + " has the unknown type " + object.get("dtype"));
        }
        long[] shape = integers(object.getAsJsonArray("shape"));
        long[] offsets = integers(object.getAsJsonArray("data_offsets"));
        if (shape.length > MOST_DIMENSIONS || offsets.length != 2) {
          throw invalid("its array " + name + " has too many dimensions or offsets");
        }
        long bytes = type.getNumOfBytes();
        for (long size : shape) {
          bytes = Math.multiplyExact(bytes, size);
        }
        if (offsets[1] - offsets[0] != bytes || bytes > Integer.MAX_VALUE) {
          throw invalid("its array " + name + " takes " + bytes + " bytes, but has other offsets");
        }
        return new Entry(name, type, new Shape(shape), offsets[0], offsets[1]);
      } catch (IllegalStateException
          | ClassCastException
          | UnsupportedOperationException
          | NumberFormatException
          | ArithmeticException
          | NullPointerException e) {
        throw invalid("its array " + name + " must have a dtype, a shape and data_offsets");
      }
    }

    private long[] integers(JsonArray array) throws InvalidFileException {
      long[] integers = new long[array.size()];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = array.get(i).getAsBigDecimal().longValueExact();
        if (integers[i] < 0) {
          throw invalid("its header has the negative number " + integers[i]);
        }
      }
      return integers;
    }

    private void requireNoGaps(List<Entry> entries, long length) throws InvalidFileException {
      long position = 0;
      for (Entry entry : entries) {
        if (entry.begin() != position) {
          throw invalid(
              "its array "
                  + entry.name()
                  + " must begin at byte "
                  + position
                  + " of the numbers, but begins at "
                  + entry.begin());
        }
        position = entry.end();
      }
      if (position != length) {
        throw invalid(
            "its header speaks of " + position + " bytes of numbers, but it has " + length);
      }
    }

    private InvalidFileException invalid(String reason) {
      return new InvalidFileException(file + " is not a valid safetensors file: " + reason);
    }
  }
}
