package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SketchFileTest {

  private static final Sketch SKETCH =
      Sketch.of(
          3,
          2,
          new float[] {-0.5f, 0.1f},
          new float[] {0.75f, 0.1f},
          new byte[] {1, 0, (byte) 200, 1, (byte) 255, 1});

  @Test
  void whatIsWrittenIsReadAsItWas() {
    assertThat(SketchFile.parse(SketchFile.bytes(SKETCH))).isEqualTo(SKETCH);
  }

  @Test
  void otherReadersOfSafetensorsSeeTheSame(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("sketch.safetensors");
    Files.write(path, SketchFile.bytes(SKETCH));
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile file = TensorFile.open(path)) {
      NDArray levels = file.read("levels", manager).orElseThrow();
      assertThat(levels.getShape().getShape()).containsExactly(3, 2);
      assertThat(levels.toUint8Array()).containsExactly(1, 0, 200, 1, 255, 1);
      assertThat(file.read("low", manager).orElseThrow().toFloatArray())
          .containsExactly(-0.5f, 0.1f);
      assertThat(file.read("high", manager).orElseThrow().toFloatArray())
          .containsExactly(0.75f, 0.1f);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"U8\" | \"I8\" | its levels must be of type U8 and have 2 dimensions, but are I8(3, 2)",
        "[3,2] | [6] | its levels must be of type U8 and have 2 dimensions, but are U8(6)",
        "[3,2] | [2,3] | at least 3 probes and 1 anchor",
        "[3,2] | [6,1] | the least cosines must be 1, but are 2",
        "[3,2] | [1,6] | at least 3 probes",
        "levels | others | it must have an array \"levels\"",
        "\"low\" | \"lov\" | it must have an array \"low\"",
        "[16,22] | [17,23] | must begin at byte 16",
        "[16,22] | [16,21] | takes 6 bytes",
        "{\"low | [\"low | its header must begin with",
      })
  void whatIsNoSketchIsRefusedWithTheReason(String right, String wrong, String message) {
    byte[] file = SketchFile.bytes(SKETCH);
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(file, 8, length, StandardCharsets.US_ASCII);
    assertThat(header).contains(right);
    byte[] other =
        (header.stripTrailing().replace(right, wrong) + " ".repeat(20))
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer changed =
        ByteBuffer.allocate(8 + other.length + 22)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(other.length)
            .put(other)
            .put(file, 8 + length, 22);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SketchFile.parse(changed.array()))
        .withMessageContaining(message);
  }

  @Test
  void whateverIsSentIsASketchOrRefused() {
    Random random = new Random(5);
    byte[] file = SketchFile.bytes(SKETCH);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] mutated =
          Arrays.copyOf(file, random.nextInt(4) == 0 ? random.nextInt(300) : file.length);
      for (int change = 0; change < 1 + random.nextInt(3) && mutated.length > 0; change++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(SketchFile.parse(mutated).probes()).isPositive();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
