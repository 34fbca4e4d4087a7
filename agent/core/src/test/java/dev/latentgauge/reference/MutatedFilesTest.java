package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.Embeddings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 10,000 damaged files, from a seed: each is read, or refused with one line that names it. */
class MutatedFilesTest {

  private static final int FILES = 10_000;
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
  private static final List<String> NUMBERS =
      List.of("-1", "0", "2", "1.5", "1e400", "2147483648", "9223372036854775807", "1e2", "\"1\"");
  private static final List<String> INSERTIONS =
      List.of("[", "{", "}", "\"", ",", ":", "\\u0000", "null", "\n", "é", "[[[[[[[[[[", "//");
  private static final List<String> TYPES =
      List.of("F64", "F32", "F16", "BF16", "I64", "U64", "I8", "BOOL", "F8_E4M3", "STRING", "");

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final Random random = new Random(20);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void everyDamagedFileIsReadOrRefusedInOneLine() throws IOException {
    Path embeddings = folder.resolve("embeddings.safetensors");
    EmbeddingFile.write(
        embeddings,
        new Embeddings(normal(8), normal(12)),
        Optional.of(new long[12]),
        Map.of("model", "m"));
    Path reference = folder.resolve("reference.safetensors");
    try (EmbeddingFile file = EmbeddingFile.open(embeddings)) {
      try (Reference made = Reference.builder("r", file).ceiling(file).build()) {
        made.withCalibration(calibration()).save(reference);
      }
    }
    int refused = 0;
    for (Path original : List.of(embeddings, reference)) {
      byte[] whole = Files.readAllBytes(original);
      for (int i = 0; i < FILES / 2; i++) {
        Path damaged = folder.resolve("damaged.safetensors");
        Files.write(damaged, mutated(whole, i));
        refused += isRefused(damaged, original.equals(reference)) ? 1 : 0;
      }
    }
    // Damage to numbers cannot be told from other numbers.
    assertThat(refused).isBetween(FILES / 2, FILES * 95 / 100);
  }

  private static Calibration calibration() {
    return Calibration.fit(
        IntStream.range(0, 10).mapToObj(i -> new Calibration.Point(i / 10.0, i / 10.0)).toList(),
        0.9);
  }

  private NDArray normal(int rows) {
    return manager.randomNormal(new Shape(rows, 3));
  }

  private boolean isRefused(Path file, boolean isReference) {
    try {
      if (isReference) {
        Reference.load(file).close();
      } else {
        readAll(file);
      }
      return false;
    } catch (InvalidFileException e) {
      assertThat(e).hasMessageStartingWith(file + " is not a ");
      assertThat(e.getMessage()).hasLineCount(1);
      return true;
    } catch (Throwable e) {
      return fail("something else than a refusal", e);
    }
  }

  private void readAll(Path path) throws IOException {
    try (EmbeddingFile file = EmbeddingFile.open(path);
        NDManager scratch = manager.newSubManager()) {
      NDList all =
          new NDList(file.anchors(scratch), file.probes().read(file.probes().all(), scratch));
      file.predictions(scratch).ifPresent(all::add);
    }
  }

  private byte[] mutated(byte[] whole, int i) {
    int header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt();
    String json = new String(whole, 8, header, StandardCharsets.UTF_8);
    return switch (i % 8) {
      case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length));
      case 1 -> Arrays.copyOf(whole, whole.length + 1 + random.nextInt(20));
      case 2 -> withRandomBytes(whole, 8 + header);
      case 3 -> withRandomBytes(whole, whole.length);
      case 4 -> withLength(whole, random.nextBoolean() ? random.nextLong() : random.nextInt(1000));
      case 5 -> withHeader(whole, header, withOneReplaced(json, NUMBER, pick(NUMBERS)));
      case 6 ->
          withHeader(
              whole, header, withOneReplaced(json, Pattern.compile("[A-Z]+[0-9]+"), pick(TYPES)));
      default -> {
        int at = random.nextInt(json.length());
        int to = random.nextBoolean() ? at : at + random.nextInt(json.length() - at);
        yield withHeader(
            whole, header, json.substring(0, at) + pick(INSERTIONS) + json.substring(to));
      }
    };
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String withOneReplaced(String json, Pattern pattern, String replacement) {
    List<MatchResult> matches = pattern.matcher(json).results().toList();
    MatchResult match = matches.get(random.nextInt(matches.size()));
    return json.substring(0, match.start()) + replacement + json.substring(match.end());
  }

  private byte[] withRandomBytes(byte[] whole, int below) {
    byte[] changed = whole.clone();
    for (int j = 0; j <= random.nextInt(3); j++) {
      changed[random.nextInt(below)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static byte[] withLength(byte[] whole, long length) {
    byte[] changed = whole.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return changed;
  }

  private static byte[] withHeader(byte[] whole, int header, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(whole.length - header + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .put(whole, 8 + header, whole.length - 8 - header)
        .array();
  }
}
