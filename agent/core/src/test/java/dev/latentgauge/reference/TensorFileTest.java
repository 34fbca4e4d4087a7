package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFileTest {

  private static final String ONE =
      "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void writesWhatAnIndependentReaderReads() throws Exception {
    Path file = folder.resolve("written.safetensors");
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    arrays.put("double", manager.create(new double[] {0.1, -1e300}));
    arrays.put("half", manager.create(new float[] {1.5f, -2}).toType(DataType.FLOAT16, false));
    arrays.put("long", manager.create(new long[] {1L << 40, -1}, new Shape(2, 1)));
    arrays.put("scalar", manager.create(7f));
    arrays.put("single", manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)));
    arrays.put("empty", manager.create(new Shape(0, 3)));
    TensorFileWriter.write(file, new TreeMap<>(Map.of("model", "Ünïcode \"x\"\n")), arrays);

    JsonObject read =
        JsonParser.parseString(Python.run("safetensors_file.py", "read", file)).getAsJsonObject();

    assertThat(read.getAsJsonObject("metadata").get("model").getAsString())
        .isEqualTo("Ünïcode \"x\"\n");
    JsonObject tensors = read.getAsJsonObject("arrays");
    assertThat(tensors.keySet()).isEqualTo(arrays.keySet());
    assertArray(tensors, "double", "F64", "[2]", 0.1, -1e300);
    assertArray(tensors, "half", "F16", "[2]", 1.5, -2);
    assertArray(tensors, "long", "I64", "[2,1]", 1L << 40, -1);
    assertArray(tensors, "scalar", "F32", "[]", 7);
    assertArray(tensors, "single", "F32", "[2,3]", 1, 2, 3, 4, 5, 6);
    assertArray(tensors, "empty", "F32", "[0,3]");
  }

  private static void assertArray(
      JsonObject arrays, String name, String type, String shape, double... values) {
    JsonObject array = arrays.getAsJsonObject(name);
    assertThat(array.get("dtype").getAsString()).isEqualTo(type);
    assertThat(array.get("shape")).hasToString(shape);
    JsonArray read = array.getAsJsonArray("values");
    assertThat(read.asList().stream().mapToDouble(JsonElement::getAsDouble))
        .containsExactly(
            IntStream.range(0, values.length).mapToObj(i -> values[i]).toArray(Double[]::new));
  }

  @Test
  void readsWhatAnIndependentWriterWrites() throws Exception {
    Path path = folder.resolve("from-python.safetensors");
    Python.run("safetensors_file.py", "write", path);
    try (TensorFile file = TensorFile.open(path)) {
      assertThat(file.metadata()).containsExactly(Map.entry("model", "Ünïcode"));
      assertRead(file, "half", DataType.FLOAT16, new Shape(2, 2), 1.5, -2, 0.25, 6e4);
      assertRead(file, "brain", DataType.FLOAT32, new Shape(3), 1.5, -2, 0);
      assertRead(file, "single", DataType.FLOAT32, new Shape(1, 3), 1.5, -2, 1e-30f);
      assertRead(file, "double", DataType.FLOAT64, new Shape(2), 0.1, -1e300);
      assertRead(file, "long", DataType.INT64, new Shape(2), 1L << 40, -1);
      assertRead(file, "int", DataType.INT32, new Shape(2), 1 << 20, -1);
      assertRead(file, "short", DataType.INT32, new Shape(2), 300, -1);
      assertRead(file, "byte", DataType.INT8, new Shape(2), 100, -1);
      assertRead(file, "unsigned int", DataType.INT64, new Shape(2), 4294967295L, 1);
      assertRead(file, "unsigned short", DataType.INT32, new Shape(2), 65535, 1);
      assertRead(file, "unsigned byte", DataType.UINT8, new Shape(2), 255, 1);
      assertRead(file, "scalar", DataType.FLOAT32, new Shape(), 7);
      assertRead(file, "empty", DataType.FLOAT32, new Shape(0, 5));
      assertRead(file, "naïve \"name\"", DataType.BOOLEAN, new Shape(2), 1, 0);
    }
  }

  private void assertRead(
      TensorFile file, String name, DataType type, Shape shape, double... values)
      throws IOException {
    NDArray array = file.read(tensor(file, name), manager);
    assertThat(array.getDataType()).as(name).isEqualTo(type);
    assertThat(array.getShape()).as(name).isEqualTo(shape);
    if (values.length > 0) {
      assertThat(array.flatten().toType(DataType.FLOAT64, true).toDoubleArray())
          .as(name)
          .containsExactly(values);
    }
  }

  private static TensorHeader.Tensor tensor(TensorFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name));
  }

  @Test
  void readsRowsOfAFileOfManyGigabytesThroughASmallBuffer() throws IOException {
    Path path = folder.resolve("large.safetensors");
    long rows = 3_000_000_000L;
    String header =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[%d,2],\"data_offsets\":[0,%d]}}"
            .formatted(rows, 8 * rows);
    // Sparse: the system keeps no zeros.
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(prefix(header.length()));
      sparse.write(header.getBytes(StandardCharsets.UTF_8));
      sparse.setLength(8 + header.length() + 8 * rows);
      sparse.seek(8 + header.length() + 8 * (rows - 1));
      sparse.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(3).putFloat(4).array());
    }
    try (TensorFile file = TensorFile.open(path)) {
      NDArray last = file.read(tensor(file, "x"), new Rows.Range(rows - 2, rows), manager);
      assertThat(last.toFloatArray()).containsExactly(0, 0, 3, 4);
      NDArray many = file.read(tensor(file, "x"), new Rows.Range(7, 1_000_007), manager);
      assertThat(many.getShape()).isEqualTo(new Shape(1_000_000, 2));
      assertThat(many.sum().getFloat()).isZero();
    }
  }

  @Test
  void anArrayIsTheSameInOnePieceAndInMany() throws IOException {
    Path path = folder.resolve("pieces.safetensors");
    NDArray array = manager.arange(3 * 400_000).toType(DataType.FLOAT32, false).reshape(-1, 3);
    TensorFileWriter.write(path, new TreeMap<>(), new TreeMap<>(Map.of("x", array)));
    try (TensorFile file = TensorFile.open(path)) {
      assertThat(file.read(tensor(file, "x"), manager)).isEqualTo(array);
      assertThat(file.read(tensor(file, "x"), new Rows.Range(5, 399_999), manager))
          .isEqualTo(array.get("5:399999"));
    }
  }

  @Test
  void arraysOutliveTheFileAndDieWithTheirManager() throws IOException {
    Path path = folder.resolve("x.safetensors");
    NDArray array = manager.ones(new Shape(3, 3));
    TensorFileWriter.write(path, new TreeMap<>(), new TreeMap<>(Map.of("x", array)));
    int before = manager.getManagedArrays().size();
    try (TensorFile file = TensorFile.open(path);
        NDManager scratch = manager.newSubManager()) {
      NDArray read = file.read(tensor(file, "x"), scratch);
      assertThat(scratch.getManagedArrays()).containsExactly(read);
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{} | 4 | its header speaks of 0 bytes of numbers, but it has 4",
        "[] | 0 | its header must begin with \"{\"",
        "{ | 0 | its header must have from 2 to 1 bytes, but claims 1",
        "{\"a\" | 0 | its header is not valid JSON of a safetensors file (at \"$.a\")",
        "{}{} | 0 | its header is not valid JSON of a safetensors file (at \"$\")",
        "{\"a\":1} | 0 | its header is not valid JSON of a safetensors file (at \"$.a\")",
        "{\"a\":{}} | 0 | its array \"a\" must have a dtype, a shape and two data_offsets",
        "{ONE,ONE} | 4 | its header has \"a\" twice",
        "{\"__metadata__\":{\"x\":1}} | 0 | its metadata \"x\" must be a text",
        "{\"a\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | its array \"a\" must be"
            + " of one of the types F64, F32, F16, BF16, I64, U32, I32, I16, U16, I8, U8, BOOL, but"
            + " is of \"F8\"",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | its array \"a\" takes 8"
            + " bytes, but its offsets are 0 and 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | its array \"a\" must"
            + " begin at byte 0 of the numbers, but begins at 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | its array \"a\" has the"
            + " negative number -1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4 | its header is not"
            + " valid JSON of a safetensors file (at \"$.a.shape[1]\")",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}} | 4 | its"
            + " array \"a\" is too large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":[[[[1]]]]}} | 4 | its array"
            + " \"a\" must have dtype, shape and data_offsets alone, but has \"x\""
      })
  void whatIsWrongWithAHeaderIsSaid(String header, int numbers, String reason) throws IOException {
    Path path = write(header.replace("ONE", ONE), new byte[numbers]);
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> TensorFile.open(path))
        .withMessage(path + " is not a valid safetensors file: " + reason);
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws IOException {
    byte[] header = {'{', '"', (byte) 0xff, '"', '}'};
    Path path = folder.resolve("not-utf8.safetensors");
    Files.write(path, concatenated(prefix(header.length), header));
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> TensorFile.open(path))
        .withMessageEndingWith("its header is not UTF-8");
  }

  @Test
  void aHeaderOfBracketsAloneDoesNotExhaustTheStack() throws IOException {
    String header = "{\"a\":" + "[".repeat(1_000_000);
    Path path = write(header, new byte[0]);
    assertThatExceptionOfType(InvalidFileException.class).isThrownBy(() -> TensorFile.open(path));
  }

  @Test
  void aFolderIsNotAFile() {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> TensorFile.open(folder))
        .withMessage(folder + " must be a safetensors file, but is a folder");
  }

  @Test
  void aFileThatBecomesShorterWhileItIsReadIsAnError() throws IOException {
    Path path = write("{" + ONE + "}", new byte[4]);
    try (TensorFile file = TensorFile.open(path);
        RandomAccessFile shortened = new RandomAccessFile(path.toFile(), "rw")) {
      shortened.setLength(shortened.length() - 2);
      assertThatExceptionOfType(InvalidFileException.class)
          .isThrownBy(() -> file.read(tensor(file, "a"), manager))
          .withMessageEndingWith("it became shorter while it was read");
    }
  }

  @Test
  void aNewFileCanBeReadByWhomeverTheUserLets() throws IOException {
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Path file = folder.resolve("x.safetensors");
    TensorFileWriter.write(file, new TreeMap<>(), new TreeMap<>());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(ordinary)));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = Files.createFile(folder.resolve("x.safetensors"));
    Path link = Files.createSymbolicLink(folder.resolve("latest"), file);
    TensorFileWriter.write(link, new TreeMap<>(), new TreeMap<>());
    assertThat(link).isSymbolicLink();
    TensorFile.open(file).close();
  }

  @Test
  void aFailureInTheMiddleLeavesNothingBehind() throws IOException {
    NDArray released = manager.ones(new Shape(2));
    released.getShape();
    released.getDataType();
    released.close();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                TensorFileWriter.write(
                    folder.resolve("x"), new TreeMap<>(), new TreeMap<>(Map.of("x", released))));
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  private Path write(String header, byte[] numbers) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    Path path = folder.resolve("made-up.safetensors");
    return Files.write(path, concatenated(prefix(bytes.length), bytes, numbers));
  }

  private static byte[] prefix(int length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteBuffer all =
        ByteBuffer.allocate(IntStream.range(0, parts.length).map(i -> parts[i].length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }
}
