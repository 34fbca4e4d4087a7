package dev.latentgauge.reference;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types of numbers in a safetensors file, and those that arrays have after reading.
 *
 * <p>The engine has no arrays of some of them, and ends the whole process when it is asked for one;
 * these are widened to the next type that holds their numbers exactly.
 */
enum TensorType {
  F64(8, DataType.FLOAT64),
  F32(4, DataType.FLOAT32),
  F16(2, DataType.FLOAT16),
  BF16(2, DataType.FLOAT32) {
    @Override
    void widen(ByteBuffer from, ByteBuffer to) {
      to.putInt(from.getShort() << 16);
    }
  },
  I64(8, DataType.INT64),
  U32(4, DataType.INT64) {
    @Override
    void widen(ByteBuffer from, ByteBuffer to) {
      to.putLong(Integer.toUnsignedLong(from.getInt()));
    }
  },
  I32(4, DataType.INT32),
  I16(2, DataType.INT32) {
    @Override
    void widen(ByteBuffer from, ByteBuffer to) {
      to.putInt(from.getShort());
    }
  },
  U16(2, DataType.INT32) {
    @Override
    void widen(ByteBuffer from, ByteBuffer to) {
      to.putInt(Short.toUnsignedInt(from.getShort()));
    }
  },
  I8(1, DataType.INT8),
  U8(1, DataType.UINT8),
  BOOL(1, DataType.BOOLEAN);

  private final int bytes;
  private final DataType read;

  TensorType(int bytes, DataType read) {
    this.bytes = bytes;
    this.read = read;
  }

  /** How many bytes a number takes in a file. */
  int bytes() {
    return bytes;
  }

  /** The type of an array that was read. */
  DataType read() {
    return read;
  }

  boolean isFloating() {
    return read.isFloating();
  }

  /** Takes one number from a buffer and puts it into another as the type that is read. */
  void widen(ByteBuffer from, ByteBuffer to) {
    throw new IllegalStateException(this + " is read as it is");
  }

  /** Whether numbers change their size when they are read. */
  boolean isWidened() {
    return bytes != read.getNumOfBytes();
  }

  static Optional<TensorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * The type in which arrays are written.
   *
   * @throws IllegalArgumentException if there is none
   */
  static TensorType of(DataType type) {
    return Arrays.stream(values())
        .filter(candidate -> candidate.read == type && !candidate.isWidened())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "arrays of type "
                        + type.name().toLowerCase(Locale.ROOT)
                        + " cannot be written, only "
                        + names()));
  }

  static String names() {
    return Arrays.stream(values()).map(TensorType::name).collect(Collectors.joining(", "));
  }
}
