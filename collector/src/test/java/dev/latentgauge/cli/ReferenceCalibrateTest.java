package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceCalibrateTest {

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private Path reference = Path.of("");
  private Path candidate = Path.of("");
  private Path runs = Path.of("");

  @BeforeEach
  void makeAReference() throws IOException {
    manager.getEngine().setRandomSeed(1);
    NDArray good = manager.randomNormal(new Shape(220, 6));
    reference = folder.resolve("cnn.reference.safetensors");
    candidate = write("candidate", good.add(manager.randomNormal(good.getShape()).mul(0.5)));
    runs = folder.resolve("runs.csv");
    CommandRun created =
        CommandRun.of("reference", "create", "--from", write("cnn", good), "--output", reference);
    assertThat(created.code()).as(created.err()).isZero();
  }

  private Path write(String name, NDArray embeddings) throws IOException {
    Path file = folder.resolve(name);
    EmbeddingFile.write(
        file,
        new Embeddings(embeddings.get(":20"), embeddings.get("20:")),
        Optional.empty(),
        Map.of());
    return file;
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Runs r0, r1, ... of scores 0, .05, ... and accuracies .5, .52, ... */
  private static String table(int count) {
    return "run,score,accuracy\n"
        + IntStream.range(0, count)
            .mapToObj(i -> "r" + i + "," + i / 20.0 + "," + (0.5 + i / 50.0) + "\n")
            .collect(Collectors.joining());
  }

  private static JsonObject json(CommandRun run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private CommandRun calibrate(Object... more) {
    Object[] all = new Object[5 + more.length];
    System.arraycopy(
        new Object[] {"reference", "calibrate", reference, "--from", runs}, 0, all, 0, 5);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  @Test
  void whatIsComparedWithACalibratedReferenceHasAPredictedAccuracy() throws IOException {
    JsonObject before = json(CommandRun.of("compare", reference, candidate, "--json"));
    assertThat(before.has("predictedAccuracy")).isFalse();
    assertThat(CommandRun.of("reference", "show", reference).out()).contains("calibration  none");
    Files.writeString(runs, table(21));

    CommandRun calibrated = calibrate("--coverage", "0.8", "--from-step", "1200");

    assertThat(calibrated.code()).as(calibrated.err()).isZero();
    assertThat(calibrated.out())
        .startsWith(before.get("reference").getAsString() + " in " + reference)
        .contains(
            "calibration        21 runs, scores from 0.0000 to 1.0000, coverage 0.8, from step 1200")
        .contains("rank correlation   1.0000")
        .contains("half-width         0.0")
        .contains("held-out coverage  ")
        .contains("same data, the same kind of run, the same step budget, one point a run");
    JsonObject after = json(CommandRun.of("compare", reference, candidate, "--json"));
    assertThat(after.get("reference")).isEqualTo(before.get("reference"));
    assertThat(after.get("score")).isEqualTo(before.get("score"));
    JsonObject predicted = after.getAsJsonObject("predictedAccuracy");
    double score = after.get("score").getAsDouble();
    // All points lie on a line, .5 + .4 score.
    double value = 0.5 + 0.4 * score;
    assertThat(predicted.get("value").getAsDouble()).isEqualTo(value, within(1e-9));
    assertThat(predicted.get("low").getAsDouble()).isBetween(value - 0.02, value);
    assertThat(predicted.get("high").getAsDouble()).isBetween(value, value + 0.02);
    assertThat(CommandRun.of("compare", reference, candidate).out())
        .containsPattern("  predicted accuracy +0\\.\\d{4}   from 0\\.\\d{4} to 0\\.\\d{4}\n")
        .contains(Calibration.CONDITION);
    assertThat(CommandRun.of("reference", "show", reference).out())
        .contains("calibration  21 runs, scores from 0.0000 to 1.0000, coverage 0.8")
        .contains(Calibration.CONDITION);
    JsonObject shown =
        json(CommandRun.of("reference", "show", reference, "--json"))
            .getAsJsonObject("calibration");
    assertThat(shown.get("points").getAsInt()).isEqualTo(21);
    assertThat(shown.get("coverage").getAsDouble()).isEqualTo(0.8);
    assertThat(shown.get("fromStep").getAsLong()).isEqualTo(1200);
    assertThat(shown.get("lowestScore").getAsDouble()).isZero();
    assertThat(shown.get("highestScore").getAsDouble()).isEqualTo(1);
  }

  @Test
  void aScoreBeyondThoseOfTheCalibrationIsSaidToBe() throws IOException {
    Files.writeString(
        runs,
        "score,accuracy\n"
            + IntStream.range(0, 12)
                .mapToObj(i -> i / 1000.0 + "," + (0.1 + i / 50.0) + "\n")
                .collect(Collectors.joining()));
    assertThat(calibrate().code()).isZero();
    assertThat(CommandRun.of("compare", reference, candidate).out())
        .contains("The calibration has scores from 0.0000 to 0.0110 and knows nothing of this one")
        .contains(Calibration.CONDITION);
  }

  @Test
  void theTableMayHaveOtherColumnsQuotesEmptyLinesAndAByteOrderMark() throws IOException {
    Files.writeString(
        runs,
        "\uFEFFnote, accuracy ,\"score\"\r\n"
            + IntStream.range(0, 10)
                .mapToObj(i -> "\"a, \"\"b\"\"\"," + i + "e-1, ." + i + "\r\n\r\n")
                .collect(Collectors.joining()));
    CommandRun calibrated = calibrate();
    assertThat(calibrated.code()).as(calibrated.err()).isZero();
    try (Reference read = Reference.load(reference)) {
      Calibration calibration = read.calibration().orElseThrow();
      assertThat(calibration.coverage()).isEqualTo(0.9);
      PredictedAccuracy predicted = calibration.predict(0.35);
      assertThat(predicted.value()).isEqualTo(0.35, within(1e-12));
    }
  }

  @Test
  void theReferenceItselfIsReplacedAndOtherFilesOnlyIfThatIsMeant() throws IOException {
    Files.writeString(runs, table(12));
    byte[] plain = Files.readAllBytes(reference);
    Path other = Files.writeString(folder.resolve("other"), "precious");
    assertFailed(
        calibrate("--output", other),
        other + " exists already: choose another --output, or replace it by --force");
    assertThat(other).hasContent("precious");
    assertThat(calibrate("--output", other, "--force").code()).isZero();
    assertThat(reference).hasBinaryContent(plain);
    assertThat(calibrate("--output", folder.resolve("new")).code()).isZero();
    assertThat(calibrate("--output", reference).code()).isZero();
    assertThat(calibrate().code()).isZero();
    assertThat(reference).hasSameBinaryContentAs(other);
    assertThat(folder.resolve("new")).hasSameBinaryContentAs(other);
  }

  @Test
  void aTableWithoutItsColumnsIsRefused() throws IOException {
    assertRefused("\n\n", "must begin with a line of column names, but is empty");
    assertRefused(
        "score;accuracy\n",
        "line 1 must name a column score, separated by commas, but names \"score;accuracy\"");
    assertRefused(
        "score,x\n",
        "line 1 must name a column accuracy, separated by commas, but names \"score, x\"");
  }

  @Test
  void whatIsWrongInATableIsNamedByLineAndColumn() throws IOException {
    String head = "run,score,accuracy\na,.1,.2\n";
    assertRefused(head + "b,high,.2\n", "line 3 column score must be a number, but is \"high\"");
    assertRefused(head + "\nb,.1,\n", "line 4 column accuracy must be a number, but is \"\"");
    assertRefused(head + "b,NaN,.1\n", "line 3 column score must be a number, but is \"NaN\"");
    assertRefused(
        head + "b,.1,87.5\n",
        "line 3 column accuracy: the accuracy must be from 0 to 1, but is 87.5");
    assertRefused(
        head + "b,1.5,.5\n", "line 3 column score: the score must be from -3 to 1, but is 1.5");
    assertRefused(head + "b,.1\n", "line 3 must have as many fields as the header, 3, but has 2");
    assertRefused(head + "\"b,.1,.2\n", "line 3 must end every text in quotes, but does not");
    assertRefused(
        head + "b,.1,.2\na,.3,.2\n",
        "line 4 column run must be another run in every line, since points of one run are not"
            + " independent, but is \"a\" as in line 2");
    assertRefused("score,accuracy,score\n", "must name the column score once, but names it twice");
    assertRefused(
        "score,accuracy\n" + ".1,.2\n".repeat(10_001),
        "line 10002 is one run too many: at most 10000 can be used");
    Files.write(runs, new byte[] {'a', (byte) 0xff, '\n'});
    assertFailed(calibrate(), runs + " must be text in UTF-8, but is not");
  }

  @Test
  void tooFewRunsForTheCoverageAreRefusedAndNothingIsWritten() throws IOException {
    byte[] plain = Files.readAllBytes(reference);
    Files.writeString(runs, table(9));
    assertFailed(
        calibrate(),
        "a calibration of coverage 0.9 must have at least 10 points, one a run, but has 9");
    Files.writeString(runs, table(18));
    assertFailed(calibrate("--coverage", "0.95"), "must have at least 19 points");
    assertFailed(calibrate("--coverage", "90"), "the coverage must be at least 0.5 and below 1");
    assertThat(reference).hasBinaryContent(plain);
  }

  @Test
  void whatIsNoReferenceCannotBeCalibrated() throws IOException {
    Files.writeString(runs, table(10));
    assertFailed(
        CommandRun.of("reference", "calibrate", candidate, "--from", runs),
        candidate + " is not a valid reference: its format must be");
    assertFailed(
        CommandRun.of("reference", "calibrate", folder.resolve("no"), "--from", runs),
        "does not exist");
    assertFailed(
        CommandRun.of("reference", "calibrate", reference, "--from", folder.resolve("no.csv")),
        "no.csv does not exist");
  }

  @Test
  void scoresThatDoNotTellAccuracyAreSaidToBeSo() throws IOException {
    Files.writeString(
        runs,
        "score,accuracy\n"
            + IntStream.range(0, 10)
                .mapToObj(i -> -i / 10.0 + "," + i / 10.0 + "\n")
                .collect(Collectors.joining()));
    assertThat(calibrate().out())
        .contains("-1.0000 (Spearman, score and accuracy): the score does not tell accuracy here");
    Files.writeString(runs, "score,accuracy\n" + ".1,.2\n".repeat(10));
    assertThat(calibrate().out()).contains("undefined: all scores or all accuracies are equal");
  }

  @Test
  void theHelpStatesTheCondition() {
    String help = CommandRun.of("reference", "calibrate", "--help").out().replaceAll("\\s+", " ");
    assertThat(help).contains(Calibration.CONDITION).contains("unless set, 0.9.");
  }

  private void assertRefused(String table, String message) throws IOException {
    Files.writeString(runs, table);
    assertFailed(calibrate(), message);
  }

  private static void assertFailed(CommandRun run, String message) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("latentgauge: ").contains(message).hasLineCount(1);
  }
}
