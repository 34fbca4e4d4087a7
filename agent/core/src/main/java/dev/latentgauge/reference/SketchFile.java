package dev.latentgauge.reference;

import dev.latentgauge.relative.Sketch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A {@link Sketch} as safetensors, which any language can write: {@code levels}, n x k of type U8,
 * and {@code low} and {@code high}, k each of type F32. Other arrays are ignored, and so are
 * metadata.
 *
 * <p>It is small, and so read and written in memory, without an engine.
 */
public final class SketchFile {

  /** More bytes than the largest sketch takes. */
  public static final int MOST_BYTES = 4 << 20;

  private static final String LEVELS = "levels";
  private static final String LOW = "low";
  private static final String HIGH = "high";
  private static final int PREFIX = 8;
  private static final int LONGEST_HEADER = 1 << 14;

  private SketchFile() {}

  /**
   * Writes a sketch; equal sketches are written alike.
   *
   * @param sketch the sketch
   * @return a safetensors file
   */
  public static byte[] bytes(Sketch sketch) {
    int k = sketch.anchors();
    int ranges = 2 * Float.BYTES * k;
    byte[] levels = sketch.levels();
    String header =
        "{"
            + entry(LOW, "F32", Integer.toString(k), 0, ranges / 2)
            + ","
            + entry(HIGH, "F32", Integer.toString(k), ranges / 2, ranges)
            + ","
            + entry(LEVELS, "U8", sketch.probes() + "," + k, ranges, ranges + levels.length)
            + "}";
    // Padded so that the numbers are aligned.
    String padded = header + " ".repeat((PREFIX - header.length() % PREFIX) % PREFIX);
    ByteBuffer file =
        ByteBuffer.allocate(PREFIX + padded.length() + ranges + levels.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded.length())
            .put(padded.getBytes(StandardCharsets.US_ASCII));
    for (float[] side : new float[][] {sketch.lows(), sketch.highs()}) {
      for (float cosine : side) {
        file.putFloat(cosine);
      }
    }
    return file.put(levels).array();
  }

  private static String entry(String name, String type, String shape, int begin, int end) {
    return "\""
        + name
        + "\":{\"dtype\":\""
        + type
        + "\",\"shape\":["
        + shape
        + "],\"data_offsets\":["
        + begin
        + ","
        + end
        + "]}";
  }

  /**
   * Reads a sketch.
   *
   * @param bytes a safetensors file
   * @return the sketch
   * @throws IllegalArgumentException if it is not a valid file, or not of a sketch, with the reason
   */
  public static Sketch parse(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < PREFIX) {
      throw new IllegalArgumentException(
          "it must be a safetensors file, but has " + bytes.length + " bytes");
    }
    long length = file.getLong();
    long most = Math.min(LONGEST_HEADER, file.remaining());
    if (length < 2 || length > most) {
      throw new IllegalArgumentException(
          "its header must have from 2 to " + most + " bytes, but claims " + length);
    }
    int start = PREFIX + (int) length;
    TensorHeader header =
        TensorHeader.parse(ByteBuffer.wrap(bytes, PREFIX, (int) length), bytes.length - start);
    TensorHeader.Tensor levels = tensor(header, LEVELS, TensorType.U8, 2);
    Sketch.requireSize(levels.shape().get(0), levels.shape().get(1));
    byte[] content = new byte[(int) levels.size()];
    file.get(start + (int) levels.begin(), content);
    return Sketch.of(
        (int) levels.shape().get(0),
        (int) levels.shape().get(1),
        floats(file, start, tensor(header, LOW, TensorType.F32, 1)),
        floats(file, start, tensor(header, HIGH, TensorType.F32, 1)),
        content);
  }

  private static TensorHeader.Tensor tensor(
      TensorHeader header, String name, TensorType type, int dimensions) {
    TensorHeader.Tensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("it must have an array \"" + name + "\"");
    }
    if (tensor.type() != type || tensor.shape().dimension() != dimensions) {
      throw new IllegalArgumentException(
          "its "
              + name
              + " must be of type "
              + type
              + " and have "
              + dimensions
              + (dimensions == 1 ? " dimension" : " dimensions")
              + ", but are "
              + tensor);
    }
    return tensor;
  }

  private static float[] floats(ByteBuffer file, int start, TensorHeader.Tensor tensor) {
    float[] numbers = new float[(int) tensor.size()];
    for (int j = 0; j < numbers.length; j++) {
      numbers[j] = file.getFloat(start + (int) tensor.begin() + j * Float.BYTES);
    }
    return numbers;
  }
}
