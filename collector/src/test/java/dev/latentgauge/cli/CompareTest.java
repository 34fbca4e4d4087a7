package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.reference.EmbeddingFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompareTest {

  private static final List<String> PROFILES =
      List.of("standardised", "soft", "soft:0.1", "cosine", "neighbours:4");
  private static final List<String> TYPES = List.of("float32", "float64", "float16");

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithAnIndependentImplementation(int seed) throws Exception {
    String profile = PROFILES.get(seed % PROFILES.size());
    String type = TYPES.get(seed % TYPES.size());
    JsonObject expected = oracle(seed, profile, type);
    int probes = expected.get("probes").getAsInt();

    CommandRun run = CommandRun.of("compare", file("r"), file("c"), "--profile", profile, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonObject actual = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(actual.get("profile")).isEqualTo(expected.get("profile"));
    assertThat(actual.get("probes")).isEqualTo(expected.get("probes"));
    assertThat(actual.get("anchors")).isEqualTo(expected.get("anchors"));
    // An anchor that is a rounding error nearer than another may change places with it.
    double tolerance = profile.startsWith("neighbours") ? 3.0 / probes : 1e-4;
    for (String name : List.of("similarity", "chance", "score")) {
      assertNear(actual, expected, name, tolerance);
    }
    // The influence function and the jackknife differ by O(1/n).
    double error = expected.get("standardError").getAsDouble();
    assertNear(actual, expected, "standardError", error * 10 / probes + 1e-4);
    JsonObject companions = actual.getAsJsonObject("companions");
    JsonObject expectedCompanions = expected.getAsJsonObject("companions");
    assertThat(companions.keySet()).isEqualTo(expectedCompanions.keySet());
    assertNear(companions, expectedCompanions, "linear_cka", 1e-4);
    assertNear(companions, expectedCompanions, "effective_rank", 1e-2);
    assertNear(companions, expectedCompanions, "neighbour_overlap", 2.0 / probes);
    assertNear(companions, expectedCompanions, "prediction_agreement", 1e-9);
  }

  static IntStream seeds() {
    return IntStream.range(0, 36);
  }

  private static void assertNear(
      JsonObject actual, JsonObject expected, String name, double tolerance) {
    assertThat(actual.get(name).getAsDouble())
        .as(name)
        .isEqualTo(expected.get(name).getAsDouble(), within(tolerance));
  }

  private JsonObject oracle(int seed, String profile, String type) throws Exception {
    Process process =
        new ProcessBuilder(
                "/usr/bin/python3",
                "src/test/python/oracle.py",
                String.valueOf(seed),
                profile,
                type,
                file("r").toString(),
                file("c").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("needs Debian's python3 and python3-numpy").isZero();
    return JsonParser.parseString(output).getAsJsonObject();
  }

  @Test
  void printsATableForPeople() throws IOException {
    NDArray good = random(20, 50);
    write("r", good, Optional.of(new long[50]));
    write("c", good.mul(3), Optional.of(new long[50]));
    CommandRun run = CommandRun.of("compare", file("r"), file("c"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith(file("c") + " against r@")
        .contains("(profile standardised, 50 probes, 20 anchors)")
        .contains("  score                    1.0000   0 is chance, 1 is identity")
        .contains("    standard error         0.0000")
        .contains("  effective rank ")
        .contains("of 6 dimensions")
        .contains("  prediction agreement     1.0000");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aDifferenceToAnotherCheckpointHasItsOwnSmallerError() throws IOException {
    NDArray good = random(20, 200);
    NDArray earlier = good.add(random(20, 200));
    write("r", good, Optional.empty());
    write("earlier", earlier, Optional.empty());
    write("c", earlier.add(random(20, 200).mul(0.02)), Optional.empty());
    CommandRun run =
        CommandRun.of("compare", file("r"), file("c"), "--against", file("earlier"), "--json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonObject actual = JsonParser.parseString(run.out()).getAsJsonObject();
    JsonObject difference = actual.getAsJsonObject("difference");
    assertThat(difference.get("standardError").getAsDouble())
        .isBetween(1e-6, actual.get("standardError").getAsDouble() / 5);
    assertThat(CommandRun.of("compare", file("r"), file("c"), "--against", file("earlier")).out())
        .containsPattern("better by +-?0\\.0\\d+ +than .*earlier, with a standard error of 0\\.00");
  }

  @Test
  void aReferenceKnowsItsProfileItsFloorAndItsCeiling() throws IOException {
    NDArray good = random(20, 200);
    write("good", good, Optional.empty());
    write("untrained", random(20, 200), Optional.empty());
    write("second", good.add(random(20, 200).mul(0.2)), Optional.empty());
    write("c", good.add(random(20, 200).mul(0.5)), Optional.empty());
    Path reference = file("reference.safetensors");

    CommandRun created =
        CommandRun.of(
            "reference",
            "create",
            "--from",
            file("good"),
            "--floor",
            file("untrained"),
            "--ceiling",
            file("second"),
            "--name",
            "cnn-v1",
            "--layer",
            "encoder",
            "--profile",
            "cosine",
            "--output",
            reference);
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(created.out())
        .startsWith("cnn-v1@")
        .contains("layer        encoder")
        .containsPattern(
            "floor        scores -?0\\.\\d{4}, standard error 0\\.\\d{4} over probes, 0\\.")
        .contains("(second)");

    JsonObject shown =
        JsonParser.parseString(CommandRun.of("reference", "show", reference, "--json").out())
            .getAsJsonObject();
    double floor = shown.getAsJsonObject("floor").get("score").getAsDouble();
    double ceiling = shown.getAsJsonObject("ceiling").get("score").getAsDouble();
    JsonObject compared =
        JsonParser.parseString(CommandRun.of("compare", reference, file("c"), "--json").out())
            .getAsJsonObject();
    assertThat(compared.get("reference")).isEqualTo(shown.get("reference"));
    assertThat(compared.get("profile").getAsString()).isEqualTo("cosine");
    assertThat(compared.get("scoreFloor").getAsDouble()).isEqualTo(floor);
    assertThat(compared.get("scoreCeiling").getAsDouble()).isEqualTo(ceiling);
    double score = compared.get("score").getAsDouble();
    assertThat(compared.get("gaugedScore").getAsDouble())
        .isEqualTo((score - floor) / (ceiling - floor), within(1e-9));

    assertFailed(
        CommandRun.of("compare", reference, file("c"), "--profile", "soft"),
        "the profile of " + reference + " is fixed to cosine");
    assertFailed(
        CommandRun.of("compare", file("good"), reference), "it is a reference, and embeddings are");
    assertFailed(
        CommandRun.of("reference", "create", "--from", file("good"), "--output", reference),
        reference + " exists already: choose another --output, or replace it by --force");
    assertThat(
            CommandRun.of(
                    "reference", "create", "--from", file("good"), "--output", reference, "--force")
                .code())
        .isZero();
  }

  @Test
  void anUndefinedScoreIsAnAnswerWithAnExitCodeOfItsOwn() throws IOException {
    NDArray good = random(20, 50);
    write("r", good, Optional.empty());
    NDArray bad = good.duplicate();
    bad.get("30").muli(Float.NaN);
    write("c", bad, Optional.empty());
    CommandRun run = CommandRun.of("compare", file("r"), file("c"), "--json");
    assertThat(run.code()).isEqualTo(3);
    JsonObject actual = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(actual.get("undefined").getAsString()).isEqualTo("non-finite embeddings");
    assertThat(actual.keySet()).doesNotContain("score", "scoreFloor", "scoreCeiling");
    CommandRun forPeople = CommandRun.of("compare", file("r"), file("c"));
    assertThat(forPeople.code()).isEqualTo(3);
    assertThat(forPeople.out()).contains("the score is undefined: non-finite embeddings");
  }

  @Test
  void aCollapsedCandidateScoresZeroAndIsNotMistakenForAnError() throws IOException {
    write("r", random(20, 50), Optional.empty());
    write("c", manager.ones(new Shape(70, 6)).mul(0.5), Optional.empty());
    JsonObject actual =
        JsonParser.parseString(CommandRun.of("compare", file("r"), file("c"), "--json").out())
            .getAsJsonObject();
    assertThat(actual.get("score").getAsDouble()).isEqualTo(0, within(1e-4));
    assertThat(actual.getAsJsonObject("companions").has("effective_rank")).isFalse();
  }

  @Test
  void whyThereIsNoDifferenceIsSaid() throws IOException {
    NDArray good = random(20, 50);
    write("r", good, Optional.empty());
    Path broken = write("broken", good.mul(Float.NaN), Optional.empty());
    CommandRun run = CommandRun.of("compare", file("r"), file("r"), "--against", broken, "--json");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("\"undefined\": \"the score of " + broken + " is undefined: non-finite");
  }

  @Test
  void whatCannotBeComparedIsSaidInOneLine() throws IOException {
    NDArray good = random(20, 50);
    write("r", good, Optional.empty());
    write("fewer", random(20, 49), Optional.empty());
    Path collapsed = write("collapsed", manager.ones(new Shape(70, 6)).mul(0.5), Optional.empty());
    Files.writeString(file("text"), "nothing of the kind");
    assertFailed(CommandRun.of("compare", file("r"), file("nowhere")), "nowhere does not exist");
    assertFailed(CommandRun.of("compare", folder, file("r")), "but is a folder");
    assertFailed(
        CommandRun.of("compare", file("text"), file("r")), "is not a valid safetensors file: its");
    assertFailed(
        CommandRun.of("compare", file("r"), file("fewer")),
        file("fewer") + " does not fit: the reference is of 50 probes and 20 anchors, so the run");
    assertFailed(
        CommandRun.of("compare", collapsed, file("r")), "its model hardly tells the probes apart");
    assertFailed(
        CommandRun.of("reference", "create", "--from", file("r"), "--output", file("no/where")),
        "no/where cannot be written: there is no folder ");
    assertFailed(
        CommandRun.of("compare", file("r"), file("r"), "--profile", "neighbours:21"),
        "the neighbours must be at most the number of anchors, but are 21 of 20");
  }

  private static void assertFailed(CommandRun run, String message) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("latentgauge: ").contains(message).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compare | Missing required parameters: 'REFERENCE', 'CANDIDATE'",
        "compare a | Missing required parameter: 'CANDIDATE'",
        "compare a b --profile hard | a profile must be cosine, standardised, soft, soft:TEMPERATURE or",
        "reference | a command is missing: reference create, reference calibrate or",
        "reference create | Missing required option: '--from=EMBEDDINGS'",
        "reference calibrate r | Missing required option: '--from=RUNS'",
        "reference shwo | Did you mean: reference show?"
      })
  void whatIsNotUnderstoodExitsWithTwo(String line, String message) {
    CommandRun run = CommandRun.of((Object[]) line.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message);
  }

  /** Embeddings of anchors, then of probes. */
  private NDArray random(int anchors, int probes) {
    return manager.randomNormal(new Shape(anchors + probes, 6));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path write(String name, NDArray embeddings, Optional<long[]> predictions)
      throws IOException {
    EmbeddingFile.write(
        file(name),
        new Embeddings(embeddings.get(":20"), embeddings.get("20:")),
        predictions,
        Map.of());
    return file(name);
  }
}
