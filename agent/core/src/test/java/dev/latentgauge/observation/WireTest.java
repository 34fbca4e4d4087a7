package dev.latentgauge.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

  private static final Observation.Key KEY =
      new Observation.Key(2, "01Linear", "good@0123456789ab", 300);
  private static final Instant TIME = Instant.parse("2026-05-06T07:08:09.123Z");
  private static final String SMALLEST =
      """
      {"step": 3, "time": "2026-05-06T07:08:09Z", "layer": "encoder", "reference": "r@1",
       "profile": "soft", "similarity": 0.75, "chance": 0.5, "score": 0.5,
       "standardError": 0.125, "probes": 512, "anchors": 128}""";

  @Test
  void writesTheFieldsOfTheWire() {
    assertThat(Wire.write(full()))
        .isEqualTo(
            """
            {"attempt":2,"step":300,"epoch":1.5,"time":"2026-05-06T07:08:09.123Z",\
            "layer":"01Linear","reference":"good@0123456789ab","profile":"soft",\
            "similarity":0.75,"chance":0.5,"score":0.5,"standardError":0.125,\
            "probes":512,"anchors":128,"scoreFloor":-0.125,"scoreCeiling":0.875,\
            "gaugedScore":0.625,"probeSeconds":0.25,"overheadRatio":0.01,"overheadBudgetRatio":0.02,"companions":{"linear_cka":0.5,"effective_rank":7.0},\
            "predictedAccuracy":{"value":0.9,"low":0.85,"high":0.95},\
            "evaluations":{"train_loss":0.5,"validate_Accuracy":0.875},\
            "training":{"stepsPerSecond":40.0,"deviceMemoryBytes":1024.0},\
            "agent":{"failures":1,"spooled":2,"dropped":3},\
            "embeddings":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"}""");
  }

  @Test
  void readsWhatItWrote() {
    assertThat(Wire.readObservation(Wire.write(full()))).isEqualTo(full());
    Observation undefined =
        Observation.builder(KEY, TIME, "soft", new Undefined("non-finite embeddings")).build();
    assertThat(Wire.readObservations(Wire.write(List.of(full(), undefined)), 2))
        .containsExactly(full(), undefined);
    RunInfo run =
        RunInfo.named("lr-0.01")
            .tag("lr", "0.01")
            .withModel("cnn")
            .withDataset("fashion")
            .withAttempt(3)
            .withStartedAt(TIME)
            .withCommand("java Train");
    assertThat(Wire.readRun("lr-0.01", Wire.write(run))).isEqualTo(run);
    RunEnd end = new RunEnd(RunEnd.State.FAILED, "out of memory");
    assertThat(Wire.readEnd(Wire.write(end))).isEqualTo(end);
    assertThat(Wire.readEnd(Wire.write(end.ofAttempt(2)))).isEqualTo(end.ofAttempt(2));
  }

  @Test
  void oneEndOfTheScaleMayBeKnownWithoutTheOtherAndWithoutAScore() {
    Observation floor =
        Observation.builder(KEY, TIME, "soft", new Undefined("non-finite embeddings"))
            .scoreFloor(OptionalDouble.of(0.25))
            .build();
    assertThat(Wire.write(floor))
        .contains("\"undefined\":\"non-finite embeddings\",\"scoreFloor\":0.25,\"agent\"");
    Observation read = Wire.readObservation(Wire.write(floor));
    assertThat(read.scoreFloor()).hasValue(0.25);
    assertThat(read.scoreCeiling()).isEmpty();
    Observation ceiling =
        Wire.readObservation(
            SMALLEST.replace("\"step\"", "\"scoreFloor\": null, \"scoreCeiling\": 1, \"step\""));
    assertThat(ceiling.scoreFloor()).isEmpty();
    assertThat(ceiling.scoreCeiling()).hasValue(1);
  }

  @Test
  void whatWasWrittenBeforeObservationsHadTheEndsOfTheScaleIsWrittenTheSameAgain() {
    String before =
        """
        {"attempt":2,"step":300,"epoch":1.5,"time":"2026-05-06T07:08:09.123Z",\
        "layer":"01Linear","reference":"good@0123456789ab","profile":"soft",\
        "similarity":0.75,"chance":0.5,"score":0.5,"standardError":0.125,\
        "probes":512,"anchors":128,"gaugedScore":0.625,"probeSeconds":0.25,\
        "agent":{"failures":0,"spooled":0,"dropped":0}}""";
    Observation read = Wire.readObservation(before);
    assertThat(read.scoreFloor()).isEmpty();
    assertThat(read.scoreCeiling()).isEmpty();
    assertThat(Wire.write(read)).isEqualTo(before);
  }

  @Test
  void anEndMaySayOfWhichAttemptItIs() {
    assertThat(Wire.write(new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(2)))
        .isEqualTo("{\"state\":\"completed\",\"reason\":\"\",\"attempt\":2}");
    assertThat(Wire.readEnd("{\"state\":\"stopped\",\"attempt\":null}").attempt()).isEmpty();
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Wire.readEnd("{\"state\":\"stopped\",\"attempt\":0}"))
        .withMessage("attempt must be a whole number from 1 to 2147483647, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(0))
        .withMessage("attempt must be at least 1, but is 0");
  }

  @Test
  void aDirectiveSaysWhatToDoAndPerhapsWhy() {
    Directive stop = Directive.stop("diverged");
    assertThat(Wire.tree(stop).toString())
        .isEqualTo("{\"action\":\"stop\",\"reason\":\"diverged\"}");
    assertThat(Wire.readDirective(Wire.tree(stop).toString())).isEqualTo(stop);
    assertThat(Wire.tree(Directive.CONTINUE).toString()).isEqualTo("{\"action\":\"continue\"}");
    assertThat(Wire.readDirective("{\"action\":\"continue\"}")).isEqualTo(Directive.CONTINUE);
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Wire.readDirective("{\"action\":\"rest\"}"))
        .withMessage("action must be continue or stop, but is \"rest\"");
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(
            () ->
                Wire.readDirective("{\"action\":\"stop\",\"reason\":\"" + "x".repeat(1025) + "\"}"))
        .withMessage("reason must have at most 1024 characters, but has 1025");
  }

  @Test
  void fillsInWhatMayBeMissingAndIgnoresWhatItDoesNotKnow() {
    Observation observation =
        Wire.readObservation(
            SMALLEST.replace("\"step\"", "\"later\": {}, \"epoch\": null, \"step\""));
    assertThat(observation.key()).isEqualTo(new Observation.Key(1, "encoder", "r@1", 3));
    assertThat(observation.epoch()).isZero();
    assertThat(observation.companions()).isEqualTo(Companions.NONE);
    assertThat(observation.outcome()).isEqualTo(new Score(0.75, 0.5, 0.5, 0.125, 512, 128));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"step\": 3 | \"step\": -1 | step must be a whole number from 0 to 9007199254740992, but is -1",
        "\"step\": 3 | \"step\": 1.5 | step must be a whole number from 0 to 9007199254740992, but is 1.5",
        "\"step\": 3 | \"step\": \"3\" | step must be a number, but is \"3\"",
        "\"step\": 3, | '' | step is missing",
        "\"score\": 0.5 | \"score\": 1e999 | score must be a finite number, but is 1e999",
        "\"profile\" | \"scoreFloor\": \"0.1\", \"profile\" | scoreFloor must be a number, but is \"0.1\"",
        "\"profile\" | \"scoreCeiling\": -1e999, \"profile\" | scoreCeiling must be a finite number, but is -1e999",
        "\"probes\": 512 | \"probes\": 2 | probes must be a whole number from 3 to 2147483647, but is 2",
        "2026-05-06T07:08:09Z | yesterday | time must be a time such as 2026-01-31T12:00:00Z, but is \"yesterday\"",
        "\"encoder\" | \"a layer\" | layer must match [A-Za-z0-9._*@-]{1,128}, but is \"a layer\"",
        "\"encoder\" | [] | layer must be a string, but is []",
        "\"soft\" | \"\\ud800\" | profile must be well-formed Unicode, but has an unpaired surrogate",
        "0.125 | -0.125 | standardError must be at least 0, but is -0.125",
        "\"profile\" | \"predictedAccuracy\": {\"value\": 7, \"low\": 5, \"high\": 9}, \"profile\" | predictedAccuracy must have 0 <= low <= value <= high <= 1, but has low 5.0, value 7.0 and high 9.0",
        "\"profile\" | \"training\": 4, \"profile\" | training must be a JSON object, but is 4",
      })
  void whatIsWrongIsNamedWithWhatIsAllowed(String part, String replacement, String message) {
    assertThat(SMALLEST).contains(part);
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Wire.readObservation(SMALLEST.replace(part, replacement)))
        .withMessage(message);
  }

  @Test
  void theFaultyElementOfAListIsNumbered() {
    String second = SMALLEST.replace("0.75", "{}");
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(
            () -> Wire.readObservations("{\"observations\":[" + SMALLEST + "," + second + "]}", 9))
        .withMessage("observations[1].similarity must be a number, but is {}")
        .satisfies(e -> assertThat(e.field()).isEqualTo("observations[1].similarity"));
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(
            () -> Wire.readObservations("{\"observations\":[" + SMALLEST + "," + second + "]}", 1))
        .withMessage("observations must have at most 1 elements, but has 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "{",
        "nothing",
        "[]",
        "null",
        "{} {}",
        "{'step': 3}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "\u0000",
        "{\"a\":\"\u0001\"}"
      })
  void whatIsNotOneJsonObjectIsRefused(String text) {
    assertThatExceptionOfType(WireException.class).isThrownBy(() -> Wire.readEnd(text));
  }

  @Test
  void aBodyThatIsNoObjectIsCalledTheBody() {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Wire.readEnd("[1]"))
        .withMessage("the body must be a JSON object, but is [1]");
  }

  @Test
  void deepNestingIsRefusedAndNotFollowed() {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Wire.readEnd("{\"a\":".repeat(100_000)));
  }

  @Test
  void whatMayNotBeSentMayNotBeMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunInfo.named("a run"))
        .withMessage("the name of a run must match [A-Za-z0-9._*@-]{1,128}, but is \"a run\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunInfo.named("a").tag("1lr", "x"))
        .withMessageContaining("but is \"1lr\"");
    RunInfo full = RunInfo.named("a");
    for (int i = 0; i < 32; i++) {
      full = full.tag("t" + i, "x");
    }
    RunInfo last = full;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> last.tag("one-more", "x"))
        .withMessage("tags must be at most 32, but are 33");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Observation.builder(KEY, TIME, "soft", new Undefined("x"))
                    .evaluations(Map.of("loss", Double.NaN))
                    .build())
        .withMessage("the evaluation loss must be finite, but is NaN");
  }

  private static Observation full() {
    return Observation.builder(KEY, TIME, "soft", new Score(0.75, 0.5, 0.5, 0.125, 512, 128))
        .epoch(1.5)
        .scoreFloor(OptionalDouble.of(-0.125))
        .scoreCeiling(OptionalDouble.of(0.875))
        .gaugedScore(OptionalDouble.of(0.625))
        .probeSeconds(OptionalDouble.of(0.25))
        .overheadRatio(OptionalDouble.of(0.01))
        .overheadBudgetRatio(OptionalDouble.of(0.02))
        .companions(
            new Companions(
                OptionalDouble.of(0.5),
                OptionalDouble.of(7),
                OptionalDouble.empty(),
                OptionalDouble.empty()))
        .predictedAccuracy(Optional.of(new Observation.PredictedAccuracy(0.9, 0.85, 0.95)))
        .evaluations(Map.of("validate_Accuracy", 0.875, "train_loss", 0.5))
        .training(new Observation.TrainingState(OptionalDouble.of(40), OptionalDouble.of(1024)))
        .agent(new Observation.AgentState(1, 2, 3))
        .embeddings(Optional.of("0f".repeat(32)))
        .build();
  }
}
