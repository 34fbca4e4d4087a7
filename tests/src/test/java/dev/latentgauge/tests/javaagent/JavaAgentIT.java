package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.unaware.NoTraining;
import dev.latentgauge.tests.unaware.OwnListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent in front of programs that know nothing of it, each a process of its own. */
class JavaAgentIT {

  private static final List<String> LAYERS =
      List.of(
          "01stem",
          "01stem.01Linear",
          "01stem.02LambdaBlock",
          "01stem.03Dropout",
          "02branches",
          "02branches.01Linear",
          "02branches.02Linear",
          "03head");

  @TempDir private static Path shared;
  private static Path reference = Path.of("");

  @TempDir private Path folder;

  /** As a user would: by the best training that there is. */
  @BeforeAll
  static void makeAReference() throws Exception {
    reference = shared.resolve("best.safetensors");
    Program.Result result =
        new Program(shared)
            .attached("create-reference: {file: best.safetensors, layer: stem}")
            .run("FIT", "10", "1");
    assertThat(result.said())
        .as(result.errors())
        .hasSize(2)
        .last()
        .asString()
        .matches("reference best@[0-9a-f]{12} is in " + reference);
    assertThat(reference).isNotEmptyFile();
  }

  /** Settings under which a file of JSON lines gets the reports. */
  private static String settings(String... more) {
    return "reference: "
        + reference
        + "\njson-lines: reports.jsonl\nrun: test\n"
        + String.join("\n", more);
  }

  private Observations reported() throws IOException {
    return Observations.in(folder.resolve("reports.jsonl"));
  }

  private static void assertGoesWell(Program.Result result) {
    assertThat(result.status()).as(result.errors()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aDryRunListsAllLayers(Jdk jdk) throws Exception {
    Program.Result result =
        new Program(folder).on(jdk).attached("dry-run: true\n").run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said())
        .containsExactly(
            "model small, a Network, has these layers:",
            "  01stem                SequentialBlock, 144 parameters",
            "  01stem.01Linear       Linear, 144 parameters",
            "  01stem.02LambdaBlock  LambdaBlock, 0 parameters",
            "  01stem.03Dropout      Dropout, 0 parameters",
            "  02branches            ParallelBlock, 272 parameters",
            "  02branches.01Linear   Linear, 136 parameters",
            "  02branches.02Linear   Linear, 136 parameters",
            "  03head                Linear, 51 parameters");
  }

  @ParameterizedTest
  @EnumSource
  void anyBlockInsideAnyBlockIsMonitored(Jdk jdk) throws Exception {
    Program.Result result =
        new Program(folder)
            .on(jdk)
            .attached(settings("layers: '**'", "cadence: 1 epoch"))
            .run("FIT", "2", "7");
    assertGoesWell(result);
    assertThat(reported().layers()).containsExactlyElementsOf(LAYERS);
    assertThat(reported().ends()).containsExactly("test: completed");
    assertThat(result.said()).hasSize(2);
    assertThat(result.said().get(1)).startsWith("run test has ended, completed, after 24 ");
  }

  @ParameterizedTest
  @CsvSource({
    "FIT, 0/0 64/1 128/2 192/3",
    "BY_HAND, 0/0 64/1 128/2 192/3",
    "FIT_THEN_BY_HAND, 0/0 64/1 128/2 192/3",
    "STEP_WHILE_RECORDING, 0/0 64/1 128/2 192/3",
    "ACCUMULATING, 0/0 16/1 32/2 48/3"
  })
  void anyLoopIsMonitoredAndComesToTheSameWeights(String loop, String moments) throws Exception {
    Program.Result alone = new Program(folder).run(loop, "3", "7");
    Program.Result monitored =
        new Program(folder).attached(settings("cadence: 1 epoch")).run(loop, "3", "7");
    assertGoesWell(monitored);
    assertThat(alone.output()).contains("weights of small: ");
    assertThat(monitored.output()).isEqualTo(alone.output());
    assertThat(reported().moments()).containsExactly(moments.split(" "));
    assertThat(reported().ends()).containsExactly("test: completed");
  }

  @Test
  void severalTrainersAreRunsOfTheirOwn() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(settings("model: '*a*'"))
            .run("FIT", "1", "7", "teacher", "judge", "student-a");
    assertGoesWell(result);
    assertThat(reported().ends()).containsExactly("test: completed", "test-2: completed");
    assertThat(result.said().get(0)).contains("stem of model teacher against");
  }

  @Test
  void modelsThatAreAllOthersAreNamed() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(settings("model: student-*"))
            .run("FIT", "1", "7", "teacher", "judge");
    assertGoesWell(result);
    assertThat(result.said())
        .containsExactly(
            "no model that was trained is called student-* (there were judge, teacher), nothing was"
                + " monitored");
  }

  @Test
  void aRunWithoutANameIsCalledAfterItsProgram() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached("{reference: " + reference + ", json-lines: reports.jsonl}")
            .run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(reported().ends().get(0))
        .matches("SmallTraining-[0-9]{8}-[0-9]{6}-[0-9]+: completed");
  }

  @Test
  void earlyStoppingEndsAFitAndTheProgramGoesOn() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(
                settings(
                    "cadence: 1 epoch",
                    "early-stopping: {watch: train_loss, mode: min," + " stopping-threshold: 10}"))
            .run("FIT", "30", "7");
    assertGoesWell(result);
    assertThat(result.output()).startsWith("the program goes on\nweights of small: ");
    assertThat(reported().ends()).containsExactly("test: stopped");
    assertThat(reported().moments()).last().isEqualTo("64/1");
  }

  @Test
  void earlyStoppingEndsALoopByHandByAnException() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(settings("cadence: 1 epoch", "early-stopping: {stopping-threshold: -1}"))
            .run("BY_HAND", "30", "7");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).contains("EarlyStoppedException");
    assertThat(reported().ends()).containsExactly("test: stopped");
  }

  @Test
  void whatEndsAFitIsTheReasonOfTheRunsEnd() throws Exception {
    Program.Result result = troubled("THROWS");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.errors())
        .contains("Exception in thread \"main\" java.lang.IllegalStateException: the disk is lost");
    assertThat(reported().ends()).containsExactly("test: failed");
    assertThat(reported().reason()).isEqualTo("java.lang.IllegalStateException: the disk is lost");
  }

  @Test
  void afterAnotherTryNothingHasFailed() throws Exception {
    assertGoesWell(troubled("THROWS_ONCE"));
    assertThat(reported().ends()).containsExactly("test: completed");
  }

  @Test
  void aTrainerThatOnlyEvaluatesIsNoRun() throws Exception {
    Program.Result result =
        new Program(folder).attached(settings("cadence: 1 epoch")).run("EVALUATION+FIT", "1", "7");
    assertGoesWell(result);
    assertThat(reported().moments()).containsExactly("0/0", "64/1");
    assertThat(reported().ends()).containsExactly("test: completed");
  }

  @Test
  void withoutAnUpdateNothingIsMonitored() throws Exception {
    Program.Result result = new Program(folder).attached(settings()).run("EVALUATION", "1", "7");
    assertGoesWell(result);
    assertThat(result.said())
        .containsExactly("no trainer has updated its parameters, nothing was monitored");
  }

  @Test
  void theReferenceIsOfTheFirstTrainerThatTrains() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached("{create-reference: {file: made/new.st, layer: stem}, strict: true}")
            .run("EVALUATION+FIT+FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("reference new will be made of layer stem"),
            line -> assertThat(line).matches("reference new@.* is in .*/made/new.st"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "model small is trained as well, but the reference is made of the first"));
    assertThat(folder.resolve("made/new.st")).isNotEmptyFile();
  }

  @Test
  void whatCannotBeWatchedIsSaidAndStopsNothing() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(
                settings("cadence: 1 epoch", "early-stopping: {watch: validate_los, mode: min}"))
            .run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said().get(0))
        .startsWith("run test will not be stopped early: ")
        .contains("validate_loss");
    assertThat(reported().ends()).containsExactly("test: completed");
  }

  @Test
  void aProgramThatExitsHasItsReportsDelivered() throws Exception {
    Program.Result result = troubled("EXITS");
    assertThat(result.status()).isEqualTo(3);
    assertThat(reported().moments()).containsExactly("0/0", "64/1");
    assertThat(reported().ends()).containsExactly("test: stopped");
    assertThat(reported().reason()).isEqualTo("the process ended before its trainer was closed");
  }

  @Test
  void listenersOfTheProgramAreToldAsBefore() throws Exception {
    Program.Result result = troubled("NONE");
    assertGoesWell(result);
    assertThat(result.output()).isEqualTo("192 batches\n");
    assertThat(reported().ends()).containsExactly("test: completed");
  }

  private Program.Result troubled(String trouble) throws Exception {
    return new Program(folder)
        .attached(settings("cadence: 1 epoch"))
        .running("-cp", Program.classPath(), OwnListener.class.getName())
        .run(trouble);
  }

  @Test
  void aProgramThatTrainsNothingIsToldSoAtItsEnd() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(settings())
            .running("-cp", Program.classPath(), NoTraining.class.getName())
            .run();
    assertGoesWell(result);
    assertThat(result.output()).isEqualTo("done\n");
    assertThat(result.errors())
        .isEqualTo("latentgauge: no trainer of DJL was made, nothing was monitored\n");
  }

  @Test
  void allMistakesAreSaidAtOnceAndTheProgramRuns() throws Exception {
    Program.Result alone = new Program(folder).run("FIT", "1", "7");
    Program.Result result =
        new Program(folder)
            .attached("reference: missing.safetensors\ncadense: 1 epoch\nattempt: zero\n")
            .run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.output()).isEqualTo(alone.output());
    Path file = folder.resolve("monitor.yaml");
    assertThat(result.said())
        .containsExactly(
            "reference: it must be a file that can be read, but "
                + folder.resolve("missing.safetensors")
                + " does not exist (line 1 of "
                + file
                + ")",
            "cadense is no setting; did you mean cadence? (line 2 of " + file + ")",
            "attempt must be a whole number, but is \"zero\" (line 3 of " + file + ")",
            "nothing is monitored; the program runs on");
  }

  @Test
  void aStrictProgramDoesNotStartWithMistakes() throws Exception {
    Program.Result result = new Program(folder).attached("strict: true\n").run("FIT", "1", "7");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.output()).isEmpty();
    assertThat(result.said()).last().isEqualTo("the program does not start, as strict is true");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelWithoutTheLayerIsLeftAloneUnlessStrict(boolean strict) throws Exception {
    Program.Result result =
        new Program(folder)
            .attached(settings("layers: [stem, encoder]", "strict: " + strict))
            .run("FIT", "1", "7");
    assertThat(result.said().get(0))
        .isEqualTo(
            "the training of model small is not monitored: the model has no layer \"encoder\""
                + " (nothing is called \"encoder\"); it has "
                + String.join(", ", LAYERS));
    assertThat(result.status()).isEqualTo(strict ? 1 : 0);
    assertThat(result.output().isEmpty()).isEqualTo(strict);
  }

  @Test
  void aFileThatIsNoReferenceIsSaid() throws Exception {
    Files.write(folder.resolve("empty.safetensors"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    Program.Result result =
        new Program(folder).attached("reference: empty.safetensors").run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said().get(0))
        .startsWith("the training of model small is not monitored: ")
        .contains("its format must be latentgauge-reference/1");
  }

  @Test
  void ofTwoAgentsTheFirstIsAtWork() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached("dry-run: true\n")
            .with("-javaagent:" + Program.AGENT + "=other.yaml")
            .run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said().get(0))
        .isEqualTo(
            "the agent is there twice; the first one is at work, and other.yaml is left out");
    assertThat(result.said().get(1)).startsWith("model small");
  }

  @Test
  void aReferenceNeedsInputsThatAreEvaluated() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached("create-reference: {file: new.safetensors, layer: stem}")
            .run("ACCUMULATING", "1", "7");
    assertGoesWell(result);
    assertThat(result.said())
        .last()
        .asString()
        .startsWith("reference new could not be made: ")
        .contains("has evaluated nothing");
    assertThat(folder.resolve("new.safetensors")).doesNotExist();
  }

  @Test
  void noFileIsWrittenOver() throws Exception {
    Program.Result result =
        new Program(folder)
            .attached("create-reference: {file: monitor.yaml, layer: stem}")
            .run("FIT", "1", "7");
    assertGoesWell(result);
    assertThat(result.said().get(0))
        .startsWith("create-reference.file: it ")
        .contains("must be a new file, but monitor.yaml exists");
  }
}
