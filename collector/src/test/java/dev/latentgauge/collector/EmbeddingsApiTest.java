package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.cli.CommandRun;
import dev.latentgauge.collector.scoring.ScoringLimits;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.web.BodyLimits;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class EmbeddingsApiTest {

  private static final String SCORE = "/v1/runs/lr-0.01/embeddings?reference=good&layer=encoder";

  private final MutableClock clock = new MutableClock();
  @TempDir private Path folder;
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    start(TestOptions.builder());
  }

  private void restart(CollectorOptions.Builder options) throws IOException {
    collector.close();
    start(options);
  }

  private void start(CollectorOptions.Builder options) throws IOException {
    collector = Collector.start(options.data(folder.resolve("data")).clock(clock).build());
    client = new Client(collector.address());
    Client.Reply put =
        client.upload("PUT", "/v1/references/good", TestEmbeddings.everything().bytes());
    assertThat(put.status()).as(put.text()).isBetween(200, 201);
  }

  @AfterEach
  void close() {
    collector.close();
  }

  @Test
  void embeddingsAreScoredAsCompareScoresThem() throws IOException {
    byte[] file = TestEmbeddings.file(0.5).bytes();

    Client.Reply reply = client.upload("POST", SCORE + "&step=300&epoch=1.5", file);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("accepted").getAsInt()).isEqualTo(1);
    assertThat(reply.json().getAsJsonObject("directive").get("action").getAsString())
        .isEqualTo("continue");
    JsonObject observation = reply.json().getAsJsonObject("observation");
    Path reference = folder.resolve("good.safetensors");
    Path candidate = folder.resolve("candidate.safetensors");
    Files.write(reference, client.get("/v1/references/good").response().body());
    Files.write(candidate, file);
    CommandRun compare =
        CommandRun.of("compare", reference.toString(), candidate.toString(), "--json");
    JsonObject expected = JsonParser.parseString(compare.out()).getAsJsonObject();
    for (String name : List.of("similarity", "chance", "score", "standardError", "gaugedScore")) {
      assertThat(observation.get(name).getAsDouble())
          .as(name)
          .isEqualTo(expected.get(name).getAsDouble(), within(1e-6));
    }
    JsonObject kept = client.get("/v1/references/good", "Accept", "application/json").json();
    assertEndsOf(kept, observation);
    assertEndsOf(kept, expected);
    assertThat(observation.getAsJsonObject("companions").keySet())
        .isEqualTo(expected.getAsJsonObject("companions").keySet());
    assertThat(observation.get("reference")).isEqualTo(expected.get("reference"));
    assertThat(observation.get("step").getAsLong()).isEqualTo(300);
    assertThat(observation.get("epoch").getAsDouble()).isEqualTo(1.5);
    assertThat(observation.get("attempt").getAsInt()).isEqualTo(1);
    assertThat(observation.get("time").getAsString()).isEqualTo(clock.instant().toString());
    assertThat(observation.get("embeddings").getAsString()).matches("[0-9a-f]{64}");
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_score{layer=\"encoder\",reference=\"good@")
        .contains("latentgauge_score_floor{layer=\"encoder\",reference=\"good@")
        .contains("latentgauge_score_ceiling{layer=\"encoder\",reference=\"good@")
        .contains("latentgauge_collector_observations_total 1.0")
        .contains("latentgauge_collector_scoring_duration_seconds_count 1")
        .contains("latentgauge_collector_scoring_in_progress 0.0");
    assertThat(client.get("/v1/runs/lr-0.01/observations").json().getAsJsonArray("observations"))
        .containsExactly(observation);
  }

  @Test
  void embeddingsWithoutAReferenceCanBeComparedWithOthers() {
    String path = "/embeddings?layer=encoder&step=3&sketch=true&probes=mine";
    Client.Reply reply =
        client.upload("POST", "/v1/runs/a" + path, TestEmbeddings.file(0.1).bytes());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("accepted").getAsInt()).isZero();
    assertThat(reply.json().has("observation")).isFalse();
    assertThat(reply.json().get("unscored").getAsString()).isEqualTo("no reference was named");
    assertThat(reply.json().get("sketch").toString())
        .isEqualTo(
            "{\"layer\":\"encoder\",\"probes\":\"mine\",\"kept\":true,\"attempt\":1,\"step\":3}");
    client.upload("POST", "/v1/runs/b" + path, TestEmbeddings.file(0.5).bytes());
    JsonObject compared = client.get("/v1/comparisons?runs=a,b").json();
    assertThat(compared.get("probes").getAsString()).isEqualTo("mine");
    double score = compared.getAsJsonArray("scores").get(0).getAsJsonArray().get(1).getAsDouble();
    assertThat(score).isBetween(0.2, 0.99);
  }

  @Test
  void aRunThatDivergesIsSeenToAndToldWhatToDo() {
    String path = "/embeddings?layer=encoder&step=3&sketch=true&probes=mine";
    client.upload("POST", "/v1/runs/a" + path, TestEmbeddings.file(0.1).bytes());
    client.put("/v1/runs/c", "{}");
    client.put("/v1/runs/c/directive", "{\"action\":\"stop\",\"reason\":\"diverged\"}");
    float[][] broken = Safetensors.normal(new Random(1), TestEmbeddings.PROBES, 6);
    broken[3][2] = Float.NaN;
    Client.Reply none =
        client.upload(
            "POST",
            "/v1/runs/c" + path,
            new Safetensors()
                .matrix("anchors", Safetensors.normal(new Random(2), 20, 6))
                .matrix("probes", broken)
                .bytes());
    assertThat(none.status()).as(none.text()).isEqualTo(200);
    assertThat(none.json().getAsJsonObject("directive").get("action").getAsString())
        .isEqualTo("stop");
    JsonObject broke = client.get("/v1/comparisons?runs=a,c").json();
    assertThat(broke.getAsJsonArray("scores").toString()).isEqualTo("[[1.0,null],[null,null]]");
    assertThat(broke.getAsJsonArray("runs").get(1).getAsJsonObject().get("consensus").toString())
        .isEqualTo("{\"undefined\":\"non-finite embeddings\"}");
    Client.Reply plane = client.get("/v1/comparisons/plane?runs=a,c");
    assertThat(plane.status()).isEqualTo(422);
    assertThat(plane.json().get("detail").getAsString())
        .isEqualTo("a plane needs cosines that are finite");
  }

  @Test
  void anObservationIsStoredThoughItsSketchIsRefused() throws IOException {
    restart(TestOptions.builder().capacity(new Capacity(9, 9, 1, 9, 1 << 20)));
    String path = "/v1/runs/a/embeddings?reference=good&layer=encoder&sketch=true&step=";
    byte[] file = TestEmbeddings.file(0.3).bytes();
    client.upload("POST", path + "1&probes=first", file);
    Client.Reply reply = client.upload("POST", path + "2&probes=second", file);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("accepted").getAsInt()).isEqualTo(1);
    assertThat(reply.json().has("directive")).isTrue();
    assertThat(reply.json().get("sketch").toString())
        .isEqualTo(
            "{\"layer\":\"encoder\",\"probes\":\"second\",\"kept\":false,\"refusal\":\"sketches of a"
                + " run, each of a layer and a set of probes, must be at most 1, but the run a would"
                + " have 2\"}");
  }

  @Test
  void runsThatAreScoredCanBeComparedByTheProbesOfTheirReference() {
    for (String run : List.of("a", "b")) {
      Client.Reply reply =
          client.upload(
              "POST",
              "/v1/runs/" + run + "/embeddings?reference=good&layer=encoder&step=1&sketch=true",
              TestEmbeddings.file(0.3).bytes());
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.json().has("observation")).isTrue();
      assertThat(reply.json().getAsJsonObject("sketch").get("kept").getAsBoolean()).isTrue();
    }
    String probeSet =
        client
            .get("/v1/references/good", "Accept", "application/json")
            .json()
            .get("probeSet")
            .getAsString();
    JsonObject compared = client.get("/v1/comparisons?probes=" + probeSet).json();
    assertThat(compared.getAsJsonArray("runs")).hasSize(2);
  }

  @Test
  void whatASketchIsOfMustBeSaid() {
    byte[] file = TestEmbeddings.file(0.3).bytes();
    String path = "/v1/runs/a/embeddings?layer=encoder&step=1";
    Client.Reply reply = client.upload("POST", path + "&sketch=true", file);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("field").getAsString()).isEqualTo("probes");
    assertThat(client.upload("POST", path + "&probes=mine", file).status()).isEqualTo(400);
    assertThat(client.upload("POST", path, file).status()).isEqualTo(400);
    assertThat(client.get("/v1/runs/a").status()).isEqualTo(404);
  }

  private static void assertEndsOf(JsonObject reference, JsonObject observation) {
    assertThat(observation.get("scoreFloor"))
        .isNotNull()
        .isEqualTo(reference.getAsJsonObject("floor").get("score"));
    assertThat(observation.get("scoreCeiling"))
        .isNotNull()
        .isEqualTo(reference.getAsJsonObject("ceiling").get("score"));
  }

  @Test
  void whatIsScoredAgainstACalibratedReferenceHasAPredictedAccuracy() throws IOException {
    byte[] plain = client.get("/v1/references/good").response().body();
    String id =
        client
            .get("/v1/references/good", "Accept", "application/json")
            .json()
            .get("reference")
            .getAsString();
    Path reference = Files.write(folder.resolve("good.safetensors"), plain);
    Path runs = folder.resolve("runs.csv");
    Files.writeString(
        runs,
        "score,accuracy\n"
            + IntStream.range(0, 20)
                .mapToObj(i -> i / 20.0 + "," + (0.6 + i % 3 / 50.0 + i / 100.0) + "\n")
                .collect(Collectors.joining()));
    CommandRun calibrated =
        CommandRun.of("reference", "calibrate", reference, "--from", runs, "--from-step", "200");
    assertThat(calibrated.code()).as(calibrated.err()).isZero();
    byte[] file = Files.readAllBytes(reference);

    Client.Reply conflict = client.upload("PUT", "/v1/references/good", file);
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.json().get("detail").getAsString())
        .contains("or the same with another calibration, " + id)
        .endsWith("choose another name, or delete that one first");
    client.delete("/v1/references/good");
    Client.Reply put = client.upload("PUT", "/v1/references/good", file);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(put.json().get("reference").getAsString()).isEqualTo(id);
    assertThat(put.json().getAsJsonObject("calibration").get("points").getAsInt()).isEqualTo(20);

    byte[] run = TestEmbeddings.file(0.5).bytes();
    JsonObject early =
        client.upload("POST", SCORE + "&step=199", run).json().getAsJsonObject("observation");
    assertThat(early.has("score")).isTrue();
    assertThat(early.has("predictedAccuracy")).isFalse();
    Client.Reply reply = client.upload("POST", SCORE + "&step=300", run);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonObject observation = reply.json().getAsJsonObject("observation");
    JsonObject predicted = observation.getAsJsonObject("predictedAccuracy");
    Path candidate = Files.write(folder.resolve("candidate.safetensors"), run);
    JsonObject expected =
        JsonParser.parseString(CommandRun.of("compare", reference, candidate, "--json").out())
            .getAsJsonObject()
            .getAsJsonObject("predictedAccuracy");
    for (String name : List.of("value", "low", "high")) {
      assertThat(predicted.get(name).getAsDouble())
          .as(name)
          .isEqualTo(expected.get(name).getAsDouble(), within(1e-5))
          .isBetween(0.5, 1.0);
    }
    assertThat(client.get("/v1/runs/lr-0.01/observations").json().getAsJsonArray("observations"))
        .containsExactly(early, observation);
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_predicted_accuracy_ratio{")
        .contains("latentgauge_predicted_accuracy_ratio_low{")
        .contains("latentgauge_predicted_accuracy_ratio_high{");
  }

  @Test
  void theFileMaySayMoreOfItsCircumstances() throws IOException {
    String report =
        """
        {"probeSeconds": 0.25, "overheadRatio": 0.01, "evaluations": {"loss": 0.5},
         "training": {"stepsPerSecond": 40}, "agent": {"failures": 1, "spooled": 2, "dropped": 3},
         "score": 9, "scoreFloor": 9, "step": 7}""";
    byte[] file = TestEmbeddings.file(0.5).text("report", report).bytes();

    Client.Reply reply =
        client.upload("POST", SCORE + "&step=1&attempt=2&time=2026-01-02T03:04:05.678Z", file);

    JsonObject observation = reply.json().getAsJsonObject("observation");
    assertThat(observation.get("score").getAsDouble()).isLessThan(1);
    assertThat(observation.get("scoreFloor").getAsDouble()).isLessThan(1);
    assertThat(observation.get("step").getAsInt()).isEqualTo(1);
    assertThat(observation.get("attempt").getAsInt()).isEqualTo(2);
    assertThat(observation.get("time").getAsString()).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(observation.get("probeSeconds").getAsDouble()).isEqualTo(0.25);
    assertThat(observation.getAsJsonObject("evaluations").get("loss").getAsDouble()).isEqualTo(0.5);
    assertThat(observation.getAsJsonObject("agent").get("dropped").getAsInt()).isEqualTo(3);

    Client.Reply bad =
        client.upload(
            "POST",
            SCORE + "&step=2",
            TestEmbeddings.file(0.5).text("report", "{\"evaluations\":{\"loss\":\"x\"}}").bytes());
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.json().get("field").getAsString()).isEqualTo("evaluations.loss");
    assertThat(
            client
                .upload(
                    "POST", SCORE + "&step=2", TestEmbeddings.file(1).text("report", "[").bytes())
                .json()
                .get("detail")
                .getAsString())
        .isEqualTo("report in the metadata of the body must be a JSON object, but is not");
  }

  @Test
  void theSameFileAgainIsADuplicateAndAnotherOneAConflict() throws IOException {
    byte[] file = TestEmbeddings.file(0.5).bytes();
    JsonObject first = client.upload("POST", SCORE + "&step=1", file).json();
    clock.pass(Duration.ofMinutes(5));

    JsonObject again = client.upload("POST", SCORE + "&step=1", file).json();

    assertThat(again.get("duplicates").getAsInt()).isEqualTo(1);
    assertThat(again.get("observation")).isEqualTo(first.get("observation"));
    Client.Reply other = client.upload("POST", SCORE + "&step=1", TestEmbeddings.file(0.6).bytes());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("detail").getAsString())
        .contains("layer encoder")
        .contains("step 1");
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_collector_rejected_total{reason=\"conflict\"} 1.0");
  }

  @Test
  void theAnswerTellsARunToStopWhoWasAskedTo() {
    byte[] file = TestEmbeddings.file(0.5).bytes();
    client.upload("POST", SCORE + "&step=1", file);
    Client.Reply put =
        client.put("/v1/runs/lr-0.01/directive", "{\"action\":\"stop\",\"reason\":\"diverged\"}");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    String stop = "{\"action\":\"stop\",\"reason\":\"diverged\"}";
    for (int step = 1; step <= 2; step++) { // a duplicate, and a new one
      assertThat(client.upload("POST", SCORE + "&step=" + step, file).json().get("directive"))
          .isEqualTo(JsonParser.parseString(stop));
    }
    assertThat(client.get("/v1/runs/lr-0.01").json().get("directive"))
        .isEqualTo(JsonParser.parseString(stop));
    client.put("/v1/runs/lr-0.01/directive", "{\"action\":\"continue\"}");
    assertThat(client.upload("POST", SCORE + "&step=3", file).text())
        .contains("\"directive\":{\"action\":\"continue\"}");
    assertThat(client.put("/v1/runs/other/directive", stop).status()).isEqualTo(404);
    assertThat(
            client.put("/v1/runs/lr-0.01/directive", "{\"action\":\"rest\"}").json().get("detail"))
        .isEqualTo(new JsonPrimitive("action must be continue or stop, but is \"rest\""));
  }

  @Test
  void embeddingsThatHaveNoScoreAreAnUndefinedObservation() throws IOException {
    Client.Reply reply = client.upload("POST", SCORE + "&step=1", notFinite().bytes());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonObject observation = reply.json().getAsJsonObject("observation");
    assertThat(observation.get("undefined").getAsString()).contains("finite");
    assertThat(observation.has("gaugedScore")).isFalse();
    assertEndsOf(
        client.get("/v1/references/good", "Accept", "application/json").json(), observation);
    assertThat(client.get("/metrics").text())
        .containsPattern("latentgauge_undefined_measurements_total\\{[^}]*} 1.0");
  }

  @Test
  void aProgramWhoseMeasurementFailedMaySayWhy() {
    String why = "{\"undefined\": \"out of memory\"}";
    JsonObject failed =
        client
            .upload("POST", SCORE + "&step=1", notFinite().text("report", why).bytes())
            .json()
            .getAsJsonObject("observation");
    assertThat(failed.get("undefined").getAsString()).isEqualTo("out of memory");
    JsonObject scored =
        client
            .upload("POST", SCORE + "&step=2", TestEmbeddings.file(1).text("report", why).bytes())
            .json()
            .getAsJsonObject("observation");
    assertThat(scored.has("score")).isTrue();
    assertThat(scored.has("undefined")).isFalse();
  }

  private static Safetensors notFinite() {
    float[][] probes = new float[TestEmbeddings.PROBES][1];
    probes[3][0] = Float.NaN;
    return new Safetensors()
        .matrix("anchors", new float[TestEmbeddings.ANCHORS][1])
        .matrix("probes", probes);
  }

  @Test
  void whatDoesNotFitTheReferenceIsRefused() throws IOException {
    float[][] few = {{1, 0}, {0, 1}, {1, 1}};
    Client.Reply reply =
        client.upload(
            "POST",
            SCORE + "&step=1",
            new Safetensors().matrix("anchors", few).matrix("probes", few).bytes());
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo(
            "the reference is of 30 probes and 20 anchors, so the run must be too, but is of 3"
                + " probes and 3 anchors");
    byte[] others = TestEmbeddings.file(0.5).text("probes", "of other images").bytes();
    assertThat(client.upload("POST", SCORE + "&step=1", others).status()).isEqualTo(422);
    Client.Reply garbage =
        client.upload("POST", SCORE + "&step=1", "not at all".getBytes(StandardCharsets.UTF_8));
    assertThat(garbage.status()).isEqualTo(400);
    assertThat(garbage.json().get("detail").getAsString())
        .startsWith("the body is not a valid safetensors file: its header must have from 2 to 2");
    assertThat(client.get("/v1/runs/lr-0.01").status()).isEqualTo(404);
    awaitNoUploads();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a/embeddings?layer=x&step=1 | 400 | reference must be given as a parameter of the address",
        "a/embeddings?reference=good&step=1 | 400 | layer must be given as a parameter of the address",
        "a/embeddings?reference=good&layer=x | 400 | step must be given as a parameter of the address",
        "a/embeddings?reference=good&layer=x%20y&step=1 | 400 | layer must match [A-Za-z0-9._*@-]{1,128}, but is \"x y\"",
        "a/embeddings?reference=good&layer=x&step=-1 | 400 | step must be a whole number from 0 to 9007199254740992, but is \"-1\"",
        "a/embeddings?reference=good&layer=x&step=1&epoch=NaN | 400 | epoch must be a number of at least 0, but is \"NaN\"",
        "a/embeddings?reference=good&layer=x&step=1&attempt=0 | 400 | attempt must be a whole number from 1 to 2147483647, but is \"0\"",
        "a/embeddings?reference=good&layer=x&step=1&time=now | 400 | time must be a time such as 2026-05-06T07:08:09.125Z, but is \"now\"",
        "a%20b/embeddings?reference=good&layer=x&step=1 | 400 | the name of a run must match [A-Za-z0-9._*@-]{1,128}, but is \"a b\"",
        "a/embeddings?reference=bad&layer=x&step=1 | 404 | no reference is named \"bad\"",
        "a/embeddings?reference=good@000000000000&layer=x&step=1 | 404 | no reference is named \"good@000000000000\"",
      })
  void theAddressIsCheckedBeforeABodyIsAskedFor(String path, int status, String detail)
      throws IOException {
    String answer = withoutBody("/v1/runs/" + path, 1000);
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .contains("connection: close")
        .doesNotContain("100 Continue");
    JsonObject problem =
        JsonParser.parseString(answer.substring(answer.indexOf("\r\n\r\n"))).getAsJsonObject();
    assertThat(problem.get("detail").getAsString()).isEqualTo(detail);
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsSent() throws IOException {
    restart(TestOptions.builder().uploads(new BodyLimits(20_000, 40_000, Duration.ofSeconds(30))));
    assertThat(withoutBody(SCORE + "&step=1", 20_001))
        .startsWith("HTTP/1.1 413")
        .contains("the body must have at most 20000 bytes, but has more");
    assertThat(withoutBody(SCORE + "&step=1", 20_000)).startsWith("HTTP/1.1 100 Continue");
    byte[] chunked = new byte[20_001];
    Client.Reply reply = client.upload("POST", SCORE + "&step=1", chunked);
    assertThat(reply.status()).isEqualTo(413);
    awaitNoUploads();
  }

  @Test
  void aReferenceOfTooManyCosinesIsRefused() throws IOException {
    restart(TestOptions.builder().scoring(new ScoringLimits(1, 1, 600)));
    float[][] rows = Safetensors.normal(new Random(1), 31, 2);
    Client.Reply reply =
        client.upload(
            "PUT",
            "/v1/references/large",
            new Safetensors()
                .matrix("anchors", Safetensors.normal(new Random(2), 20, 2))
                .matrix("probes", rows)
                .bytes());
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo(
            "a reference must have at most 600 cosines, its probes times its anchors, but has 620");
  }

  /** Announces a body, and reads the first answer without sending one. */
  private String withoutBody(String path, int length) throws IOException {
    try (Socket socket = new Socket(collector.address().getHost(), collector.address().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + path
                      + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
                      + "Expect: 100-continue\r\nContent-Length: "
                      + length
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        answer.append((char) c);
        if (answer.toString().equals("HTTP/1.1 100 Continue\r\n\r\n")) {
          break;
        }
        if (answer.toString().endsWith("}\n")) {
          break;
        }
      }
      return answer.toString();
    }
  }

  @Test
  void whenAllPlacesAreTakenOthersAreToldWhenToComeAgain() throws Exception {
    restart(TestOptions.builder().scoring(new ScoringLimits(1, 1, 1 << 20)));
    byte[] file = TestEmbeddings.file(0.5).bytes();
    try (Slow first = new Slow(file);
        Slow second = new Slow(file)) {
      first.begin(1);
      second.begin(2);
      Client.Reply refused = client.upload("POST", SCORE + "&step=3", file);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.json().get("detail").getAsString())
          .isEqualTo(
              "embeddings that are received or scored at once must be at most 2, and as many are:"
                  + " try again later");
      assertThat(first.end()).startsWith("HTTP/1.1 200");
      assertThat(second.end()).startsWith("HTTP/1.1 200");
    }
    assertThat(client.upload("POST", SCORE + "&step=3", file).status()).isEqualTo(200);
  }

  @Test
  void aClientThatGoesAwayFreesItsPlace() throws Exception {
    restart(TestOptions.builder().scoring(new ScoringLimits(1, 0, 1 << 20)));
    byte[] file = TestEmbeddings.file(0.5).bytes();
    try (Slow gone = new Slow(file)) {
      gone.begin(1);
      assertThat(client.upload("POST", SCORE + "&step=2", file).status()).isEqualTo(429);
    }
    Client.Reply reply = client.upload("POST", SCORE + "&step=2", file);
    while (reply.status() == 429) {
      reply = client.upload("POST", SCORE + "&step=2", file);
    }
    assertThat(reply.status()).isEqualTo(200);
    awaitNoUploads();
  }

  @Test
  void aReferenceThatGotTheNameMeanwhileIsNotTakenForTheOneThatWasAskedFor() throws Exception {
    restart(TestOptions.builder());
    byte[] file = TestEmbeddings.file(0.5).bytes();
    try (Slow early = new Slow(file)) {
      early.begin(1);
      client.delete("/v1/references/good");
      client.upload("PUT", "/v1/references/good", TestEmbeddings.file(2).bytes());
      assertThat(early.end()).startsWith("HTTP/1.1 404").contains("was deleted meanwhile");
    }
    assertThat(client.get("/v1/runs/lr-0.01").status()).isEqualTo(404);
  }

  @Test
  void anAnswerDoesNotRepeatTheFileAtLength() {
    byte[] file =
        new Safetensors()
            .matrix("x", new float[][] {{1}})
            .text("format", "latentgauge-reference/" + "9".repeat(100_000))
            .bytes();
    Client.Reply reply = client.upload("PUT", "/v1/references/other", file);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString())
        .startsWith("the body is not a valid reference: its format must be latentgauge-reference/1")
        .hasSize(1001);
  }

  @Test
  void aDiskThatFailsIsNotDescribedWithThePathsOfTheMachine() throws IOException {
    Files.move(folder.resolve("data/uploads"), folder.resolve("elsewhere"));
    Client.Reply reply = client.upload("POST", SCORE + "&step=1", TestEmbeddings.file(0.5).bytes());
    assertThat(reply.status()).isEqualTo(507);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo("the collector cannot write the body to its disk: its log says why");
  }

  /** A client that sends half of its body, and later the rest. */
  private final class Slow implements AutoCloseable {
    private final byte[] file;
    private final Socket socket;

    Slow(byte[] file) throws IOException {
      this.file = file;
      this.socket = new Socket(collector.address().getHost(), collector.address().getPort());
    }

    /** Returns when the collector has asked for the body. */
    void begin(int step) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST "
                  + SCORE
                  + "&step="
                  + step
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
                  + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: "
                  + file.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      byte[] asked = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      assertThat(new String(asked, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 100 Continue");
      out.write(file, 0, file.length / 2);
      out.flush();
    }

    String end() throws IOException {
      socket.getOutputStream().write(file, file.length / 2, file.length - file.length / 2);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void theSameFileSentManyTimesAtOnceIsStoredOnce() throws Exception {
    restart(TestOptions.builder().scoring(new ScoringLimits(4, 60, 1 << 20)));
    byte[] file = TestEmbeddings.file(0.5).bytes();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Client.Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      replies.add(
          threads.submit(
              () -> {
                go.await();
                return client.upload("POST", SCORE + "&step=1", file);
              }));
    }
    go.countDown();
    int accepted = 0;
    for (Future<Client.Reply> reply : replies) {
      assertThat(reply.get().status()).as(reply.get().text()).isEqualTo(200);
      accepted += reply.get().json().get("accepted").getAsInt();
    }
    threads.shutdown();
    assertThat(accepted).isEqualTo(1);
    assertThat(client.get("/v1/runs/lr-0.01").json().get("observations").getAsInt()).isEqualTo(1);
  }

  @Test
  void aCollectorWhoseEngineCannotBeLoadedSaysSo() throws IOException {
    collector.close();
    collector =
        Collector.start(
            TestOptions.builder()
                .engine(
                    () -> {
                      throw new IOException("no libraries");
                    })
                .build());
    client = new Client(collector.address());
    Client.Reply put = client.upload("PUT", "/v1/references/good", TestEmbeddings.file(0).bytes());
    assertThat(put.status()).isEqualTo(503);
    assertThat(put.json().get("detail").getAsString())
        .isEqualTo("the collector's engine cannot be loaded; its log says why");
    assertThat(
            client
                .report("a", Wire.readObservation(Wire.write(Observations.scored(1, 0.5))))
                .status())
        .isEqualTo(200);
  }

  /** They are deleted after the answer. */
  private void awaitNoUploads() throws IOException {
    Path uploads = folder.resolve("data/uploads");
    for (boolean isEmpty = false; !isEmpty; ) {
      try (Stream<Path> files = Files.list(uploads)) {
        isEmpty = files.findAny().isEmpty();
      }
    }
  }
}
