package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasurementTableTest {

  private static final String HEADER = "run,settings,step,epoch,accuracy,accuracyA,accuracyB,q,r\n";

  private static final String TABLE =
      HEADER
          + "a,width=8;lr=0.1,1,0.5,0.1,0.2,0.3,-0.5,\n"
          + "a,width=8;lr=0.1,20,10,0.66667,1,0,1.2346E-9,12346000\n"
          + "b,,3,0,0,0,0,0,1E+20\n";

  @TempDir private Path folder;

  @Test
  void aTableHasALineForEachObservation() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("width", "8");
    settings.put("lr", "0.1");
    List<String> measures = List.of("q", "r");
    RunCurve a =
        RunCurve.of(
            "a",
            settings,
            measures,
            List.of(
                new RunCurve.Point(1, 0.5, 0.1, 0.2, 0.3, Map.of("q", -0.5, "r", Double.NaN)),
                new RunCurve.Point(
                    20, 10, 2 / 3.0, 1, 0, Map.of("q", 1.23456e-9, "r", 12345678.0))));
    RunCurve b =
        RunCurve.of(
            "b",
            Map.of(),
            measures,
            List.of(new RunCurve.Point(3, 0, 0, 0, 0, Map.of("q", -0.0, "r", 1e20))));
    Path file = folder.resolve("cora.csv");

    MeasurementTable.write(new Case("cora", measures, List.of(a, b)), file);

    assertThat(file).hasContent(TABLE);
  }

  @Test
  void aTableIsReadAsTheCaseItWasWrittenFrom() throws IOException {
    Path file = Files.writeString(folder.resolve("cora.csv"), TABLE);

    Case read = MeasurementTable.read(file);

    assertThat(read.name()).isEqualTo("cora");
    assertThat(read.measures()).containsExactly("q", "r");
    assertThat(read.runs()).extracting(RunCurve::name).containsExactly("a", "b");
    RunCurve a = read.runs().get(0);
    assertThat(a.settings().entrySet())
        .containsExactly(Map.entry("width", "8"), Map.entry("lr", "0.1"));
    assertThat(a.steps()).containsExactly(1, 20);
    assertThat(a.epochs()).containsExactly(0.5, 10);
    assertThat(a.accuracies()).containsExactly(0.1, 0.66667);
    assertThat(a.accuraciesA()).containsExactly(0.2, 1);
    assertThat(a.accuraciesB()).containsExactly(0.3, 0);
    assertThat(a.values("q")).containsExactly(-0.5, 1.2346e-9);
    assertThat(a.values("r")).containsExactly(Double.NaN, 12346000);
    assertThat(read.runs().get(1).settings()).isEmpty();
  }

  @Test
  void whatIsReadIsWrittenAsItWas() throws IOException {
    Path file = folder.resolve("random.csv");
    Case random = MadeUpCase.random(20, 15, 1);
    MeasurementTable.write(random, file);
    String text = Files.readString(file);

    Case read = MeasurementTable.read(file);
    MeasurementTable.write(read, file);

    assertThat(Files.readString(file)).isEqualTo(text);
    for (int i = 0; i < 20; i++) {
      double[] exact = random.runs().get(i).values("good");
      double[] rounded = read.runs().get(i).values("good");
      for (int j = 0; j < exact.length; j++) {
        // Half a unit of the fifth digit is at most 5e-5 of a number.
        assertThat(rounded[j]).isCloseTo(exact[j], within(5e-5 * Math.abs(exact[j])));
      }
    }
  }

  @Test
  void aCaseWithoutRunsIsATableWithoutLines() throws IOException {
    Path file = folder.resolve("none.csv");

    MeasurementTable.write(new Case("none", List.of("q", "r"), List.of()), file);

    assertThat(file).hasContent(HEADER);
    assertThat(MeasurementTable.read(file).runs()).isEmpty();
  }

  @Test
  void writingLeavesNothingBesides() throws IOException {
    Path file = folder.resolve("t.csv");
    MeasurementTable.write(MadeUpCase.random(2, 2, 1), file);
    MeasurementTable.write(MadeUpCase.random(3, 2, 1), file);

    assertThat(MeasurementTable.read(file).runs()).hasSize(3);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFailedWriteLeavesNothingBesides() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken.csv"));
    Files.createDirectory(taken.resolve("full"));

    assertThatIOException()
        .isThrownBy(() -> MeasurementTable.write(MadeUpCase.random(2, 2, 1), taken));
    assertThatIOException()
        .isThrownBy(
            () -> MeasurementTable.write(MadeUpCase.random(2, 2, 1), folder.resolve("no/t.csv")));

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(taken);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x,,1,0,0,0,0,0                      | there must be 9 cells, but are 8",
        "x,,1,0,0,0,0,0,0,0                  | there must be 9 cells, but are more",
        "x y,,1,0,0,0,0,0,0                  | the name of a run must be of [A-Za-z0-9._-], but is \"x y\"",
        "x,width,1,0,0,0,0,0,0               | a setting must be name=value, but is \"width\"",
        "x,w=1;w=2,1,0,0,0,0,0,0             | settings must differ, but there are two of \"w\"",
        "x,w=1=2,1,0,0,0,0,0,0               | the setting w must have none of",
        "x,,,0,0,0,0,0,0                     | the step must be a whole number, but is \"\"",
        "x,,1.5,0,0,0,0,0,0                  | the step must be a whole number, but is \"1.5\"",
        "x,,0,0,0,0,0,0,0                    | the step must be at least 1, but is 0",
        "x,,9999999999999999999,0,0,0,0,0,0  | the step must be a whole number",
        "x,,1,,0,0,0,0,0                     | epoch must be a number, but is \"\"",
        "x,,1,0,1.01,0,0,0,0                 | the accuracy must be in [0, 1], but is 1.01",
        "x,,1,0,0,0,0,NaN,0                  | q must be a number, but is \"NaN\"",
        "x,,1,0,0,0,0,0, 1                   | r must be a number, but is \" 1\"",
        "x,,1,0,0,0,0,0,1E999                | the value of r must be finite or NaN, but is Infinity",
        "x,,1,0,0,0,0,0,0x1p3                | r must be a number, but is \"0x1p3\"",
        "a,,2,0,0,0,0,0,0                    | the lines of a run must be together, but \"a\" was before",
        "b,,3,0,0,0,0,0,0                    | the steps of a run must rise, but 3 follows 3",
        "b,w=1,4,0,0,0,0,0,0                 | the settings must stay \"\" within a run, but are \"w=1\"",
      })
  void aLineThatIsWrongIsNamed(String line, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), TABLE + line + "\n");

    assertThatExceptionOfType(TableException.class)
        .isThrownBy(() -> MeasurementTable.read(file))
        .withMessageStartingWith(file + ", line 5: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "run,step,accuracy                                       | the columns must be run,settings,step",
        "run,settings,step,epoch,accuracy,accuracyA,accuracyB,   | the name of a measure must",
        "run,settings,step,epoch,accuracy,accuracyA,accuracyB,q,q| the names of measures and columns",
      })
  void columnsThatAreWrongAreNamed(String header, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), header + "\n");

    assertThatExceptionOfType(TableException.class)
        .isThrownBy(() -> MeasurementTable.read(file))
        .withMessageStartingWith(file + ", line 1: " + message);
  }

  @Test
  void aTableThatWasCutShortIsNoticed() throws IOException {
    Path file = folder.resolve("t.csv");
    for (int length = 0; length < TABLE.length(); length++) {
      String text = TABLE.substring(0, length);
      Files.writeString(file, text);
      if (length > 0 && text.endsWith("\n")) {
        MeasurementTable.read(file);
        continue;
      }
      int line = 1 + (int) text.chars().filter(character -> character == '\n').count();
      assertThatExceptionOfType(TableException.class)
          .as("of %d characters", length)
          .isThrownBy(() -> MeasurementTable.read(file))
          .withMessageStartingWith(file + ", line " + line + ": each line must end");
    }
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("t.csv"), new byte[] {(byte) 0xff, '\n'});

    assertThatIOException()
        .isThrownBy(() -> MeasurementTable.read(file))
        .withMessage(file + " must be in UTF-8, but is not");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Path file = folder.resolve("t.csv");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(MeasurementTable.LARGEST + 1L);
    }

    assertThatIOException()
        .isThrownBy(() -> MeasurementTable.read(file))
        .withMessage(file + " must have at most 33,554,432 bytes, but has more");
  }

  @Test
  void tooManyLinesAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), "\n".repeat(1_000_001));

    assertThatExceptionOfType(TableException.class)
        .isThrownBy(() -> MeasurementTable.read(file))
        .withMessage(file + ", line 1000001: there must be at most 1,000,000 lines");
  }
}
