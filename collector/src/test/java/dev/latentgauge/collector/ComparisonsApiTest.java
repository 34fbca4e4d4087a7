package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.latentgauge.collector.scoring.ScoringLimits;
import dev.latentgauge.reference.SketchFile;
import dev.latentgauge.relative.PairwiseScores;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.ProfilePlane;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ComparisonsApiTest {

  private final MutableClock clock = new MutableClock();
  private final NDManager manager = NDManager.newBaseManager();
  @TempDir private Path folder;
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    start(TestOptions.builder());
  }

  private void start(CollectorOptions.Builder options) throws IOException {
    collector = Collector.start(options.data(folder.resolve("data")).clock(clock).build());
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    manager.close();
    collector.close();
  }

  @Test
  void runsAreComparedAsTheirSketchesAre() {
    List<Sketch> sketches = List.of(sketch(0.1), sketch(0.4), sketch(0.9));
    for (int run = 0; run < 3; run++) {
      put("run-" + run, 100L * run, sketches.get(run));
    }
    client.put("/v1/runs/silent", "{}");

    JsonObject compared = compare("runs=run-2,silent,run-0,nobody,run-1");

    List<NDArray> relatives =
        IntStream.of(2, 0, 1).mapToObj(run -> sketches.get(run).relative(manager)).toList();
    PairwiseScores expected = PairwiseScores.of(relatives, Profile.defaultProfile());
    assertThat(names(compared)).containsExactly("run-2", "run-0", "run-1");
    for (int a = 0; a < 3; a++) {
      JsonObject run = compared.getAsJsonArray("runs").get(a).getAsJsonObject();
      Score consensus = (Score) expected.consensus(a);
      assertThat(run.getAsJsonObject("consensus").get("score").getAsDouble())
          .isEqualTo(consensus.value(), within(1e-5));
      assertThat(run.getAsJsonObject("consensus").get("standardError").getAsDouble())
          .isEqualTo(consensus.standardError(), within(1e-5));
      for (int b = 0; b < 3; b++) {
        Score score = (Score) expected.score(a, b);
        assertThat(cell(compared, "scores", a, b)).isEqualTo(score.value(), within(1e-5));
        assertThat(cell(compared, "standardErrors", a, b))
            .isEqualTo(score.standardError(), within(1e-5));
        assertThat(cell(compared, "similarities", a, b))
            .isEqualTo(expected.similarity(a, b), within(1e-5));
      }
    }
    JsonObject first = compared.getAsJsonArray("runs").get(0).getAsJsonObject();
    assertThat(first.get("state").getAsString()).isEqualTo("live");
    assertThat(first.get("step").getAsLong()).isEqualTo(200);
    assertThat(first.get("epoch").getAsDouble()).isEqualTo(1.5);
    assertThat(first.get("time").getAsString()).isEqualTo(clock.instant().toString());
    assertThat(compared.get("layer").getAsString()).isEqualTo("encoder");
    assertThat(compared.get("probes").getAsString()).isEqualTo("digits");
    assertThat(compared.get("profile").getAsString()).isEqualTo("standardised");
    assertThat(compared.get("probeCount").getAsInt()).isEqualTo(TestEmbeddings.PROBES);
    assertThat(compared.get("anchors").getAsInt()).isEqualTo(TestEmbeddings.ANCHORS);
    assertThat(compared.getAsJsonArray("missing").toString())
        .isEqualTo(
            "[{\"run\":\"silent\",\"reason\":\"it has no sketch\"},{\"run\":\"nobody\",\"reason\":\"no run is named so\"}]");
  }

  @Test
  void theNextSketchTakesThePlaceOfTheLastAndAnOlderOneIsIgnored() {
    put("a", 100, sketch(0.1));
    put("b", 100, sketch(0.1));
    assertThat(cell(compare("runs=a,b"), "scores", 0, 1)).isEqualTo(1, within(1e-5));

    JsonObject later = put("a", 200, sketch(0.9));
    assertThat(later.get("kept").getAsBoolean()).isTrue();
    assertThat(later.getAsJsonObject("directive").get("action").getAsString())
        .isEqualTo("continue");
    double apart = cell(compare("runs=a,b"), "scores", 0, 1);
    assertThat(apart).isLessThan(0.9);

    JsonObject older = put("a", 150, sketch(0.1));
    assertThat(older.get("kept").getAsBoolean()).isFalse();
    assertThat(older.get("step").getAsLong()).isEqualTo(200);
    assertThat(cell(compare("runs=a,b"), "scores", 0, 1)).isEqualTo(apart);

    JsonObject attempt = put("a", 5, "&attempt=2", sketch(0.1));
    assertThat(attempt.get("kept").getAsBoolean()).isTrue();
    assertThat(client.get("/v1/runs/a").json().get("attempt").getAsInt()).isEqualTo(2);
    assertThat(cell(compare("runs=a,b"), "scores", 0, 1)).isEqualTo(1, within(1e-5));
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_collector_history_sketches 2.0");
  }

  @Test
  void withoutNamesAndGroupTheLargestGroupIsCompared() {
    put("c", 1, sketch(0.1));
    put("a", 1, sketch(0.2));
    put("b", 1, sketch(0.3));
    for (String run : List.of("a", "b")) {
      sent(run, "layer=head&probes=digits&step=1", sketch(0.4));
    }
    assertThat(names(compare(""))).containsExactly("a", "b", "c");
    assertThat(compare("").getAsJsonArray("groups").toString())
        .isEqualTo(
            "[{\"layer\":\"encoder\",\"probes\":\"digits\",\"runs\":3},"
                + "{\"layer\":\"head\",\"probes\":\"digits\",\"runs\":2}]");
    JsonObject head = compare("layer=head");
    assertThat(head.get("layer").getAsString()).isEqualTo("head");
    assertThat(names(head)).containsExactly("a", "b");
    assertThat(names(compare("probes=digits&profile=cosine"))).containsExactly("a", "b", "c");
  }

  @Test
  void aSketchOfAnotherSizeIsNotComparedWithTheRest() {
    put("a", 1, sketch(0.1));
    put("b", 1, sketch(0.2));
    put("odd", 1, Sketch.of(3, 1, new float[1], new float[] {1}, new byte[] {0, 9, 99}));
    JsonObject compared = compare("runs=odd,a,b");
    assertThat(names(compared)).containsExactly("a", "b");
    assertThat(compared.getAsJsonArray("missing").toString())
        .contains("its sketch has 3 probes and 1 anchors");
    assertThat(compare("").get("missing")).isEqualTo(compared.get("missing"));
  }

  @Test
  void sixtyFourRunsAreComparedThoseWhoseSketchesCameLast() {
    for (int run = 0; run < 66; run++) {
      clock.pass(Duration.ofSeconds(1));
      put("run-" + run, 1, sketch(0.01 * run));
    }
    JsonObject compared = compare("");
    assertThat(names(compared)).hasSize(64).doesNotContain("run-0", "run-1");
    String many = String.join(",", IntStream.range(0, 65).mapToObj(run -> "run-" + run).toList());
    Client.Reply refused = client.get("/v1/comparisons?runs=" + many);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("field").getAsString()).isEqualTo("runs");
    assertThat(refused.json().get("detail").getAsString())
        .isEqualTo("runs must name from 2 to 64 runs, but names 65");
  }

  @Test
  void whereNothingCanBeComparedItIsSaidWhy() {
    assertNothing("", "[]");
    client.put("/v1/runs/silent", "{}");
    assertNothing(
        "runs=silent,b&layer=head",
        "[{\"run\":\"silent\",\"reason\":\"it has no sketch\"},"
            + "{\"run\":\"b\",\"reason\":\"no run is named so\"}]");
    put("a", 1, sketch(0.1));
    String alone =
        "{\"run\":\"a\",\"reason\":\"no other has a sketch of the layer and the probes of its own,"
            + " encoder by digits\"}";
    assertNothing("", "[" + alone + "]");
    assertNothing("runs=a,b", "[" + alone + ",{\"run\":\"b\",\"reason\":\"no run is named so\"}]");
    put("b", 1, sketch(0.1));
    String encoder = "\"reason\":\"its sketches are of others: encoder by digits\"}";
    assertNothing(
        "runs=a,b&layer=head", "[{\"run\":\"a\"," + encoder + ",{\"run\":\"b\"," + encoder + "]");
    Client.Reply tooFine = client.get("/v1/comparisons?runs=a,b&profile=neighbours:21");
    assertThat(tooFine.status()).isEqualTo(422);
    assertThat(tooFine.json().get("type").getAsString())
        .isEqualTo("urn:latentgauge:problem:incomparable");
  }

  private void assertNothing(String query, String missing) {
    JsonObject compared = compare(query);
    for (String empty : List.of("runs", "scores", "standardErrors", "similarities")) {
      assertThat(compared.getAsJsonArray(empty)).as(empty).isEmpty();
    }
    assertThat(compared.getAsJsonArray("missing").toString()).isEqualTo(missing);
  }

  @Test
  void aPlaneHasAPointForEachProbeAndRun() {
    Sketch first = sketch(0.1);
    Sketch second = sketch(0.6);
    put("a", 1, first);
    put("b", 7, second);
    Client.Reply reply = client.get("/v1/comparisons/plane?runs=b,a&profile=soft");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    ProfilePlane expected =
        ProfilePlane.of(
            second.relative(manager), first.relative(manager), new Profile.AdaptiveSoft());
    JsonArray explained = reply.json().getAsJsonArray("explained");
    for (int axis = 0; axis < 2; axis++) {
      assertThat(explained.get(axis).getAsDouble())
          .isEqualTo(expected.explained()[axis], within(1e-5));
    }
    JsonObject b = reply.json().getAsJsonArray("runs").get(0).getAsJsonObject();
    assertThat(b.get("run").getAsString()).isEqualTo("b");
    assertThat(b.get("step").getAsLong()).isEqualTo(7);
    assertThat(b.getAsJsonArray("points")).hasSize(TestEmbeddings.PROBES);
    JsonArray point = b.getAsJsonArray("points").get(3).getAsJsonArray();
    assertThat(point.get(0).getAsDouble()).isEqualTo(expected.points(0)[3][0], within(1e-4));
    assertThat(point.get(1).getAsDouble()).isEqualTo(expected.points(0)[3][1], within(1e-4));
    assertThat(client.get("/v1/comparisons/plane").status()).isEqualTo(400);
    assertThat(client.get("/v1/comparisons/plane?runs=a,b,c").status()).isEqualTo(400);
    Client.Reply alone = client.get("/v1/comparisons/plane?runs=a,c");
    assertThat(alone.status()).isEqualTo(422);
    assertThat(alone.json().get("detail").getAsString())
        .isEqualTo(
            "both runs must have a sketch of one layer by the same probes, but have not: a: no other"
                + " has a sketch of the layer and the probes of its own, encoder by digits; c: no run is"
                + " named so");
  }

  @Test
  void whoHasTheAnswerIsNotSentItAgainUntilSomethingChanges() {
    put("a", 1, sketch(0.1));
    put("b", 1, sketch(0.2));
    String tag = client.get("/v1/comparisons").header("etag");
    assertThat(tag).startsWith("W/\"");
    assertThat(client.get("/v1/comparisons", "If-None-Match", tag).status()).isEqualTo(304);
    put("a", 2, sketch(0.1));
    assertThat(client.get("/v1/comparisons", "If-None-Match", tag).status()).isEqualTo(200);
  }

  @Test
  void sketchesOutliveTheCollectorAndGoWithTheirRun() throws IOException {
    put("a", 1, sketch(0.1));
    put("b", 1, sketch(0.2));
    JsonObject before = compare("runs=a,b");
    collector.close();
    start(TestOptions.builder());
    assertThat(compare("runs=a,b").get("scores")).isEqualTo(before.get("scores"));
    assertThat(client.delete("/v1/runs/b").status()).isEqualTo(204);
    assertThat(compare("runs=a,b").getAsJsonArray("runs")).isEmpty();
    client.put("/v1/runs/b", "{}");
    assertThat(compare("runs=a,b").toString())
        .contains("{\"run\":\"b\",\"reason\":\"it has no sketch\"}");
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_collector_history_sketches 1.0");
  }

  @Test
  void comparisonsAreBoundedInSize() throws IOException {
    collector.close();
    start(TestOptions.builder().scoring(new ScoringLimits(1, 1, 1500)));
    for (String run : List.of("a", "b", "c")) {
      clock.pass(Duration.ofSeconds(1));
      put(run, 1, sketch(0.3));
    }
    assertThat(names(compare("runs=a,b"))).hasSize(2);
    assertThat(names(compare(""))).containsExactly("b", "c");
    assertThat(compare("").getAsJsonArray("missing").toString())
        .isEqualTo(
            "[{\"run\":\"a\",\"reason\":\"others have sent theirs later, and more are not compared at"
                + " once\"}]");
    Client.Reply refused = client.get("/v1/comparisons?runs=a,b,c");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").getAsString())
        .isEqualTo(
            "runs times probes times anchors, or times runs if these are more, must be at most 1500,"
                + " but are 1800: name fewer runs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layer=x&step=1 | probes must be given as a parameter of the address",
        "probes=x&step=1 | layer must be given as a parameter of the address",
        "layer=x&probes=y | step must be given as a parameter of the address",
        "layer=x&probes=a%20b&step=1 | probes must match [A-Za-z0-9._*@-]{1,128}, but is \"a b\"",
        "layer=x&probes=y&step=1&reference=z | the parameters of this address must be among attempt,"
            + " epoch, layer, probes, step, time, but one is \"reference\"",
        "layer=x&probes=y&step=1&epoch=-1 | epoch must be a number of at least 0, but is \"-1\"",
      })
  void theAddressOfASketchIsChecked(String query, String detail) {
    Client.Reply reply =
        client.upload("PUT", "/v1/runs/a/sketches?" + query, SketchFile.bytes(sketch(0.1)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString()).isEqualTo(detail);
    assertThat(client.get("/v1/runs/a").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runs=a | runs must name from 2 to 64 runs, but names 1",
        "runs=a,,b | runs must be names of runs with commas between them, but is \"\"",
        "runs=a,b&profile=sharp | a profile must be cosine, standardised, soft, soft:TEMPERATURE or"
            + " neighbours:COUNT, but is \"sharp\"",
        "runs=a,b&runs=c,d | runs must be given once, but is given 2 times",
        "runs=a,b,a | runs must name each run once",
        "run=a | the parameters of this address must be among layer, probes, profile, runs, but one is"
            + " \"run\"",
      })
  void whatIsToBeComparedIsChecked(String query, String detail) {
    Client.Reply reply = client.get("/v1/comparisons?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString().strip()).isEqualTo(detail.strip());
  }

  @Test
  void whatIsNoSketchIsRefused() {
    String path = "/v1/runs/a/sketches?layer=x&probes=y&step=1";
    Client.Reply reply =
        client.upload("PUT", path, new Safetensors().matrix("levels", new float[3][2]).bytes());
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo(
            "the body is not a sketch: its levels must be of type U8 and have 2 dimensions, but are"
                + " F32(3, 2)");
    assertThat(client.upload("PUT", path, new byte[(4 << 20) + 1]).status()).isEqualTo(413);
    assertThat(client.put(path, "{}").status()).isEqualTo(415);
    assertThat(client.get("/v1/runs/a").status()).isEqualTo(404);
  }

  private JsonObject compare(String query) {
    Client.Reply reply = client.get("/v1/comparisons" + (query.isEmpty() ? "" : "?" + query));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private JsonObject put(String run, long step, Sketch sketch) {
    return put(run, step, "", sketch);
  }

  private JsonObject put(String run, long step, String more, Sketch sketch) {
    return sent(run, "layer=encoder&probes=digits&epoch=1.5&step=" + step + more, sketch);
  }

  private JsonObject sent(String run, String query, Sketch sketch) {
    Client.Reply reply =
        client.upload("PUT", "/v1/runs/" + run + "/sketches?" + query, SketchFile.bytes(sketch));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static List<String> names(JsonObject compared) {
    return StreamSupport.stream(compared.getAsJsonArray("runs").spliterator(), false)
        .map(run -> run.getAsJsonObject().get("run").getAsString())
        .toList();
  }

  private static double cell(JsonObject compared, String matrix, int row, int column) {
    JsonElement cell = compared.getAsJsonArray(matrix).get(row).getAsJsonArray().get(column);
    return cell.getAsDouble();
  }

  /** Of the test's model, blurred by so much noise. */
  private Sketch sketch(double noise) {
    Random random = new Random(1);
    try (NDManager scratch = manager.newSubManager()) {
      NDArray anchors = blurred(random, TestEmbeddings.ANCHORS, noise, scratch);
      NDArray probes = blurred(random, TestEmbeddings.PROBES, noise, scratch);
      return Sketch.of(RelativeRepresentation.of(anchors, probes));
    }
  }

  private static NDArray blurred(Random random, int rows, double noise, NDManager manager) {
    float[][] good = Safetensors.normal(random, rows, 6);
    float[][] matrix = Safetensors.plus(good, noise, Safetensors.normal(random, rows, 6));
    float[] flat = new float[rows * 6];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = matrix[i / 6][i % 6];
    }
    return manager.create(flat, new Shape(rows, 6));
  }
}
