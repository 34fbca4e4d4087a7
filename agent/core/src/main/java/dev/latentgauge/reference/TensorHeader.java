package dev.latentgauge.reference;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the header of a safetensors file says.
 *
 * <p>Read token by token, so that nothing in it can make the reader recurse or allocate more than
 * its own length: an array has exactly a type, a shape and offsets, metadata are texts, and no name
 * comes twice.
 *
 * @param metadata texts by name
 * @param tensors what there is behind the header, by name
 */
record TensorHeader(SortedMap<String, String> metadata, SortedMap<String, Tensor> tensors) {

  private static final String METADATA = "__metadata__";
  private static final int MOST_DIMENSIONS = 8;
  private static final int LONGEST_QUOTE = 80;

  /** Where an array lies, in bytes behind the header. */
  record Tensor(TensorType type, Shape shape, long begin, long end) {

    /** How many numbers it has. */
    long size() {
      return (end - begin) / type.bytes();
    }

    @Override
    public String toString() {
      return type + shape.toString();
    }
  }

  /**
   * Reads a header.
   *
   * @param bytes the JSON, in UTF-8
   * @param length how many bytes there are behind the header
   * @throws IllegalArgumentException if it is not valid, with the reason
   */
  static TensorHeader parse(ByteBuffer bytes, long length) {
    if (bytes.get(bytes.position()) != '{') {
      throw new IllegalArgumentException("its header must begin with \"{\"");
    }
    Parser parser = new Parser(decode(bytes));
    try {
      TensorHeader header = parser.parse();
      header.requireNoGaps(length);
      return header;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "its header is not valid JSON of a safetensors file (at "
              + quote(parser.reader.getPath())
              + ")",
          e);
    }
  }

  private static String decode(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("its header is not UTF-8", e);
    }
  }

  /** A name from a file, made safe to show: in one line, and not too long. */
  static String quote(String name) {
    String shortened =
        name.length() <= LONGEST_QUOTE ? name : name.substring(0, LONGEST_QUOTE) + "…";
    return new JsonPrimitive(shortened).toString();
  }

  private void requireNoGaps(long length) {
    List<Map.Entry<String, Tensor>> inOrder = new ArrayList<>(tensors.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Tensor> entry) -> entry.getValue().begin())
            .thenComparingLong(entry -> entry.getValue().end()));
    long position = 0;
    for (Map.Entry<String, Tensor> entry : inOrder) {
      if (entry.getValue().begin() != position) {
        throw new IllegalArgumentException(
            "its array "
                + quote(entry.getKey())
                + " must begin at byte "
                + position
                + " of the numbers, but begins at "
                + entry.getValue().begin());
      }
      position = entry.getValue().end();
    }
    if (position != length) {
      throw new IllegalArgumentException(
          "its header speaks of " + position + " bytes of numbers, but it has " + length);
    }
  }

  /** One pass over the JSON. */
  private static final class Parser {

    private final JsonReader reader;

    Parser(String json) {
      reader = new JsonReader(new StringReader(json));
      reader.setStrictness(Strictness.STRICT);
    }

    TensorHeader parse() throws IOException {
      SortedMap<String, String> metadata = new TreeMap<>();
      SortedMap<String, Tensor> tensors = new TreeMap<>();
      boolean hasMetadata = false;
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (name.equals(METADATA)) {
          requireNew(!hasMetadata, name);
          hasMetadata = true;
          readTexts(metadata);
        } else {
          requireNew(!tensors.containsKey(name), name);
          tensors.put(name, tensor(name));
        }
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalStateException("something follows the header");
      }
      return new TensorHeader(metadata, tensors);
    }

    private static void requireNew(boolean isNew, String name) {
      if (!isNew) {
        throw new IllegalArgumentException("its header has " + quote(name) + " twice");
      }
    }

    private void readTexts(SortedMap<String, String> texts) throws IOException {
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        requireNew(!texts.containsKey(name), name);
        if (reader.peek() != JsonToken.STRING) {
          throw new IllegalArgumentException("its metadata " + quote(name) + " must be a text");
        }
        texts.put(name, reader.nextString());
      }
      reader.endObject();
    }

    private Tensor tensor(String name) throws IOException {
      String type = null;
      long[] shape = null;
      long[] offsets = null;
      Map<String, Integer> seen = new HashMap<>();
      reader.beginObject();
      while (reader.hasNext()) {
        String field = reader.nextName();
        requireNew(seen.merge(field, 1, Integer::sum) == 1, field);
        switch (field) {
          case "dtype" -> type = reader.nextString();
          case "shape" -> shape = integers(name, MOST_DIMENSIONS);
          case "data_offsets" -> offsets = integers(name, 2);
          default ->
              throw new IllegalArgumentException(
                  "its array "
                      + quote(name)
                      + " must have dtype, shape and data_offsets alone, but has "
                      + quote(field));
        }
      }
      reader.endObject();
      if (type == null || shape == null || offsets == null || offsets.length != 2) {
        throw new IllegalArgumentException(
            "its array " + quote(name) + " must have a dtype, a shape and two data_offsets");
      }
      return checked(name, type, shape, offsets);
    }

    private static Tensor checked(String name, String type, long[] shape, long[] offsets) {
      TensorType known =
          TensorType.named(type)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "its array "
                              + quote(name)
                              + " must be of one of the types "
                              + TensorType.names()
                              + ", but is of "
                              + quote(type)));
      long bytes = known.bytes();
      try {
        for (long size : shape) {
          bytes = Math.multiplyExact(bytes, size);
        }
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("its array " + quote(name) + " is too large", e);
      }
      if (offsets[1] - offsets[0] != bytes) {
        throw new IllegalArgumentException(
            "its array "
                + quote(name)
                + " takes "
                + bytes
                + " bytes, but its offsets are "
                + offsets[0]
                + " and "
                + offsets[1]);
      }
      return new Tensor(known, new Shape(shape), offsets[0], offsets[1]);
    }

    private long[] integers(String name, int most) throws IOException {
      List<Long> integers = new ArrayList<>();
      reader.beginArray();
      while (reader.hasNext()) {
        if (integers.size() == most) {
          throw new IllegalArgumentException(
              "its array " + quote(name) + " has more than " + most + " dimensions or offsets");
        }
        if (reader.peek() != JsonToken.NUMBER) {
          throw new IllegalStateException("not a number");
        }
        long integer = Long.parseLong(reader.nextString());
        if (integer < 0) {
          throw new IllegalArgumentException(
              "its array " + quote(name) + " has the negative number " + integer);
        }
        integers.add(integer);
      }
      reader.endArray();
      return integers.stream().mapToLong(i -> i).toArray();
    }
  }
}
