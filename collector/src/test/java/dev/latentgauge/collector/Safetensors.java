package dev.latentgauge.collector;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Safetensors files for tests, written by hand as other programs do. */
public final class Safetensors {

  private final JsonObject header = new JsonObject();
  private final Map<String, byte[]> arrays = new LinkedHashMap<>();
  private long length;

  /** Adds a matrix of float32. */
  public Safetensors matrix(String name, float[][] rows) {
    byte[] bytes = new byte[4 * rows.length * rows[0].length];
    ByteBuffer buffer = buffer(bytes);
    for (float[] row : rows) {
      for (float number : row) {
        buffer.putFloat(number);
      }
    }
    return add(name, "F32", bytes, rows.length, rows[0].length);
  }

  /** Adds a vector of int64. */
  Safetensors integers(String name, long... numbers) {
    byte[] bytes = new byte[8 * numbers.length];
    ByteBuffer buffer = buffer(bytes);
    for (long number : numbers) {
      buffer.putLong(number);
    }
    return add(name, "I64", bytes, numbers.length);
  }

  /** Adds a text. */
  public Safetensors text(String name, String text) {
    if (!header.has("__metadata__")) {
      header.add("__metadata__", new JsonObject());
    }
    header.getAsJsonObject("__metadata__").addProperty(name, text);
    return this;
  }

  private Safetensors add(String name, String type, byte[] bytes, long... shape) {
    JsonArray sizes = new JsonArray();
    for (long size : shape) {
      sizes.add(size);
    }
    JsonArray offsets = new JsonArray();
    offsets.add(length);
    length += bytes.length;
    offsets.add(length);
    JsonObject array = new JsonObject();
    array.addProperty("dtype", type);
    array.add("shape", sizes);
    array.add("data_offsets", offsets);
    header.add(name, array);
    arrays.put(name, bytes);
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    byte[] file = new byte[Math.toIntExact(8 + text.length + length)];
    ByteBuffer buffer = buffer(file).putLong(text.length).put(text);
    arrays.values().forEach(buffer::put);
    return file;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Normal numbers. */
  public static float[][] normal(Random random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  /** The sum of a matrix and a multiple of another. */
  public static float[][] plus(float[][] matrix, double factor, float[][] other) {
    float[][] sum = new float[matrix.length][matrix[0].length];
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < sum[i].length; j++) {
        sum[i][j] = (float) (matrix[i][j] + factor * other[i][j]);
      }
    }
    return sum;
  }
}
