package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs and their observations over HTTP. */
class RunApiTest {

  private static final String RECEIPT =
      "{\"accepted\":%d,\"duplicates\":%d,\"directive\":{\"action\":\"continue\"}}\n";

  private final MutableClock clock = new MutableClock();
  private final CollectorOptions options = TestOptions.builder().port(0).clock(clock).build();
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    collector = Collector.start(options);
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  @Test
  void aRunIsRegisteredUpdatedAndReadAgain() {
    RunInfo info = RunInfo.named("lr-0.01").withModel("cnn").tag("lr", "0.01");
    assertThat(client.put("/v1/runs/lr-0.01", Wire.write(info)).status()).isEqualTo(200);
    clock.pass(Duration.ofSeconds(5));
    client.put("/v1/runs/lr-0.01", Wire.write(info.withDataset("fashion")));
    assertThat(client.get("/v1/runs/lr-0.01").text())
        .isEqualTo(
            """
            {"name":"lr-0.01","state":"live","attempt":1,"model":"cnn","dataset":"fashion",\
            "tags":{"lr":"0.01"},"registeredAt":"2026-05-06T07:08:09Z","lastHeardAt":"2026-05-06T07:08:14Z",\
            "directive":{"action":"continue"},"observations":0,"latest":[]}
            """);
  }

  @Test
  void aReportRegistersItsRunAndIsStoredOnce() {
    assertThat(client.report("a", scored(1, 0.5), scored(2, 0.25)).text())
        .isEqualTo(RECEIPT.formatted(2, 0));
    assertThat(client.report("a", scored(2, 0.25), scored(3, 0.125)).text())
        .isEqualTo(RECEIPT.formatted(1, 1));
    JsonObject run = client.get("/v1/runs/a").json();
    assertThat(run.get("observations").getAsInt()).isEqualTo(3);
    assertThat(observations(run, "latest")).containsExactly(scored(3, 0.125));
  }

  @Test
  void theLatestObservationOfEachSeriesIsTheOneWithTheHighestStep() {
    client.report("a", scored(9, 0.5), undefined(1, "head", 7));
    client.report("a", scored(8, 0.5), scored(1, "head", 6, 0.5));
    assertThat(observations(client.get("/v1/runs/a").json(), "latest"))
        .containsExactly(scored(9, 0.5), undefined(1, "head", 7));
  }

  @Test
  void otherContentUnderAKnownKeyIsAConflictThatNamesTheKeyAndStoresNothing() {
    client.report("a", scored(7, 0.5));
    Client.Reply reply = client.report("a", scored(8, 0.5), scored(7, 0.25));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("detail").getAsString())
        .contains("attempt 1, layer encoder, reference good@0123456789ab, step 7");
    assertThat(client.get("/v1/runs/a").json().get("observations").getAsInt()).isEqualTo(1);
  }

  @Test
  void anEndedRunTakesLateObservationsAndANewAttemptReopensIt() {
    client.report("a", scored(1, 0.5));
    clock.pass(Duration.ofSeconds(5));
    client.post("/v1/runs/a/end", "{\"state\":\"stopped\",\"reason\":\"plateau\"}");
    client.report("a", scored(2, 0.5));
    JsonObject ended = client.get("/v1/runs/a").json();
    assertThat(ended.get("state").getAsString()).isEqualTo("stopped");
    assertThat(ended.get("reason").getAsString()).isEqualTo("plateau");
    assertThat(ended.get("endedAt").getAsString()).isEqualTo("2026-05-06T07:08:14Z");
    client.report("a", scored(2, "encoder", 0, 0.5));
    JsonObject resumed = client.get("/v1/runs/a").json();
    assertThat(resumed.get("state").getAsString()).isEqualTo("live");
    assertThat(resumed.get("attempt").getAsInt()).isEqualTo(2);
    assertThat(resumed.has("endedAt")).isFalse();
  }

  @Test
  void aTrainingThatIsStartedTwiceIsToldToTakeANewAttempt() {
    client.put("/v1/runs/a", "{\"startedAt\":\"2026-05-06T07:00:00Z\"}");
    Client.Reply reply = client.put("/v1/runs/a", "{\"startedAt\":\"2026-05-06T08:00:00Z\"}");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo(
            "the run a, attempt 1, was started at 2026-05-06T07:00:00Z, not at"
                + " 2026-05-06T08:00:00Z; a training that starts anew needs a new attempt, such as"
                + " 2, or another name");
  }

  @Test
  void aLateEndOfAnEarlierAttemptIsAConflict() {
    client.put("/v1/runs/a", "{\"attempt\":2}");
    Client.Reply reply = client.post("/v1/runs/a/end", "{\"state\":\"failed\",\"attempt\":1}");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(client.get("/v1/runs/a").json().get("state").getAsString()).isEqualTo("live");
    assertThat(
            client
                .post("/v1/runs/a/end", "{\"state\":\"failed\",\"attempt\":2}")
                .json()
                .get("state")
                .getAsString())
        .isEqualTo("failed");
  }

  @Test
  void aDeletedRunIsUnknown() {
    client.report("a", scored(1, 0.5));
    assertThat(client.delete("/v1/runs/a").status()).isEqualTo(204);
    for (String path : List.of("/v1/runs/a", "/v1/runs/a/observations")) {
      Client.Reply reply = client.get(path);
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
      assertThat(reply.json().get("detail").getAsString()).isEqualTo("no run is named \"a\"");
    }
    assertThat(client.delete("/v1/runs/a").status()).isEqualTo(404);
    assertThat(client.post("/v1/runs/a/end", "{\"state\":\"failed\"}").status()).isEqualTo(404);
  }

  @Test
  void runsArePagedToTheLast() {
    for (int i = 0; i < 7; i++) {
      client.put("/v1/runs/run-" + i, "{}");
    }
    List<String> names = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonObject page = client.get("/v1/runs?limit=3" + cursor).json();
      page.getAsJsonArray("runs")
          .forEach(run -> names.add(run.getAsJsonObject().get("name").getAsString()));
      JsonElement next = page.get("next");
      cursor = next.isJsonNull() ? "" : "&cursor=" + next.getAsString();
      pages++;
    } while (!cursor.isEmpty());
    assertThat(pages).isEqualTo(3);
    assertThat(names)
        .containsExactly("run-0", "run-1", "run-2", "run-3", "run-4", "run-5", "run-6");
  }

  @Test
  void observationsArePagedWhileOthersArrive() {
    client.report("a", steps(0, 250));
    JsonObject first = client.get("/v1/runs/a/observations").json();
    assertThat(observations(first, "observations")).containsExactly(steps(0, 100));
    client.report("a", steps(250, 260));
    String next = first.get("next").getAsString();
    JsonObject second = client.get("/v1/runs/a/observations?limit=1000&cursor=" + next).json();
    assertThat(observations(second, "observations")).containsExactly(steps(100, 260));
    assertThat(second.get("next").isJsonNull()).isTrue();
  }

  @Test
  void observationsAreFilteredByLayerAndReference() {
    client.report("a", scored(1, 0.5), scored(1, "head", 1, 0.25));
    assertThat(filtered("layer=head")).containsExactly(scored(1, "head", 1, 0.25));
    assertThat(filtered("layer=head&reference=good%400123456789ab")).hasSize(1);
    assertThat(filtered("reference=other")).isEmpty();
  }

  @Test
  void whatAnObservationSaidIsReadAsItWasWritten() {
    Observation smallest = scored(0, -0.0);
    Observation largest = scored(1L << 53, Math.nextDown(1.0));
    client.report("a", smallest, largest);
    assertThat(filtered("")).containsExactly(smallest, largest);
  }

  private List<Observation> filtered(String query) {
    return observations(client.get("/v1/runs/a/observations?" + query).json(), "observations");
  }

  private static List<Observation> observations(JsonObject document, String field) {
    List<Observation> observations = new ArrayList<>();
    document
        .getAsJsonArray(field)
        .forEach(element -> observations.add(Wire.readObservation(element.toString())));
    return observations;
  }

  private static Observation[] steps(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(step -> scored(step, 0.5))
        .toArray(Observation[]::new);
  }

  @Test
  void runsAreListedByStateBeginningAndTags() {
    client.put("/v1/runs/cnn-1", "{\"tags\":{\"lr\":\"0.1\",\"loss\":\"a:b&c\"}}");
    client.put("/v1/runs/cnn-2", "{\"tags\":{\"lr\":\"0.1\"}}");
    client.put("/v1/runs/mlp-1", "{\"tags\":{\"lr\":\"0.2\"}}");
    client.post("/v1/runs/cnn-2/end", "{\"state\":\"failed\"}");
    assertThat(listed("")).containsExactly("cnn-1", "cnn-2", "mlp-1");
    assertThat(listed("?state=failed&state=lost")).containsExactly("cnn-2");
    assertThat(listed("?prefix=cnn&state=live")).containsExactly("cnn-1");
    assertThat(listed("?tag=lr:0.1")).containsExactly("cnn-1", "cnn-2");
    assertThat(listed("?tag=lr:0.1&tag=loss:a:b%26c")).containsExactly("cnn-1");
    assertThat(client.get("/v1/runs?state=dead").json().get("detail").getAsString())
        .contains("a state must be one of [live, completed, stopped, failed, lost]", "\"dead\"");
    assertThat(client.get("/v1/runs?tag=lr").json().get("detail").getAsString())
        .isEqualTo("tag must be NAME:VALUE, but is \"lr\"");
    assertThat(client.get("/v1/runs?tag=lr:1&tag=lr:2").status()).isEqualTo(400);
  }

  private List<String> listed(String query) {
    return client.get("/v1/runs" + query).json().getAsJsonArray("runs").asList().stream()
        .map(run -> run.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  @Test
  void everythingIsThereAfterTheCollectorWasStartedAgain() throws IOException {
    client.put("/v1/runs/kept", "{\"tags\":{\"lr\":\"0.1\"},\"command\":\"train\"}");
    client.report("kept", scored(1, 0.5), scored(2, 0.25));
    client.put("/v1/runs/kept/directive", "{\"action\":\"stop\",\"reason\":\"enough\"}");
    String before = client.get("/v1/runs/kept").text();
    String history = client.get("/v1/runs/kept/observations").text();
    collector.close();
    start();
    assertThat(client.get("/v1/runs/kept").text()).isEqualTo(before);
    assertThat(client.get("/v1/runs/kept/observations").text()).isEqualTo(history);
    assertThat(client.get("/metrics").text()).contains("latentgauge_score{", "run=\"kept\"");
    assertThat(client.report("kept", scored(2, 0.25)).text())
        .contains("\"duplicates\":1", "\"action\":\"stop\"");
  }
}
