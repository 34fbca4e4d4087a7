package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.large;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void observationsAreFilteredByAttemptAndSteps() {
    client.report("a", scored(1, 0.5), scored(2, 0.5), scored(2, "encoder", 3, 0.25));
    assertThat(filtered("attempt=2")).containsExactly(scored(2, "encoder", 3, 0.25));
    assertThat(filtered("fromStep=2"))
        .containsExactly(scored(2, 0.5), scored(2, "encoder", 3, 0.25));
    assertThat(filtered("toStep=2&limit=1")).containsExactly(scored(1, 0.5));
    assertThat(filtered("fromStep=2&toStep=2")).containsExactly(scored(2, 0.5));
  }

  @Test
  void aHistoryIsThinnedToTheNumberOfPointsThatAPictureHas() {
    Observation[] steps = steps(0, 1000);
    steps[500] = scored(500, 0.75);
    steps[600] = undefined(1, "encoder", 600);
    client.report("a", steps);
    List<Observation> thinned = filtered("points=10");
    assertThat(thinned)
        .startsWith(steps[0])
        .endsWith(steps[999])
        .contains(steps[500], steps[600])
        .hasSizeLessThanOrEqualTo(10);
    assertThat(filtered("points=1000")).containsExactly(steps);
    assertThat(client.get("/v1/runs/a/observations?points=10").json().get("next").isJsonNull())
        .isTrue();
    assertThat(filtered("points=4&fromStep=498&toStep=501&attempt=1&layer=encoder")).hasSize(4);
    assertThat(filtered("points=4&fromStep=501&toStep=498")).isEmpty();
    assertThat(filtered("points=4&fromStep=9007199254740992")).isEmpty();
    assertThat(client.get("/v1/runs/b/observations?points=10").status()).isEqualTo(404);
  }

  @Test
  void aHistoryOfLargeObservationsIsThinnedToAnAnswerThatIsNotTooLarge() {
    long sent = 0;
    for (int step = 0; step < 2_000; step += 200) {
      String report =
          Wire.write(LongStream.range(step, step + 200).mapToObj(i -> large("a", i, "x")).toList());
      assertThat(client.post("/v1/runs/a/observations", report).status()).isEqualTo(200);
      sent += report.length();
    }
    assertThat(sent).isGreaterThan(9L << 20);
    Client.Reply reply = client.get("/v1/runs/a/observations?points=5000");
    assertThat(reply.plain().length).isBetween(4 << 20, 8 << 20);
    assertThat(observations(reply.json(), "observations"))
        .startsWith(large("a", 0, "x"))
        .endsWith(large("a", 1_999, "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "points=0 | points must be a whole number from 4 to 5000, but is \"0\"",
        "points=1e3 | points must be a whole number from 4 to 5000, but is \"1e3\"",
        "points= | points must be a whole number from 4 to 5000, but is \"\"",
        "points=99999999999999999999 | points must be a whole number from 4 to 5000, but is \"99999999999999999999\"",
        "points=3 | points must be a whole number from 4 to 5000, but is \"3\"",
        "points=5001 | points must be a whole number from 4 to 5000, but is \"5001\"",
        "points=10&limit=5 | limit must not be given with points, but is",
        "points=10&cursor=YQ | cursor must not be given with points, but is",
        "attempt=0 | attempt must be a whole number from 1 to 2147483647, but is \"0\"",
        "fromStep=-1 | fromStep must be a whole number from 0 to 9007199254740992, but is \"-1\"",
        "points=10&fromStep=9007199254741000 | fromStep must be a whole number from 0 to 9007199254740992, but is \"9007199254741000\"",
        "points=10&toStep=99999999999999999999 | toStep must be a whole number from 0 to 9007199254740992, but is \"99999999999999999999\"",
        "points=10&attempt=2147483648 | attempt must be a whole number from 1 to 2147483647, but is \"2147483648\"",
        "toStep=1e3 | toStep must be a whole number from 0 to 9007199254740992, but is \"1e3\"",
        "points=10&points=11 | points must be given once, but is given 2 times",
      })
  void aHistoryThatCannotBeGivenIsRefusedWithTheReason(String query, String detail) {
    client.report("a", scored(1, 0.5));
    Client.Reply reply = client.get("/v1/runs/a/observations?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString()).isEqualTo(detail);
    assertThat(query).contains(reply.json().get("field").getAsString());
  }

  @Test
  void theAttemptsOfARunAreListedWithWhatIsStoredOfThem() {
    client.put("/v1/runs/a", "{}");
    assertThat(client.get("/v1/runs/a/attempts").text()).isEqualTo("{\"attempts\":[]}\n");
    client.report("a", scored(3, "encoder", 7, 0.5), scored(1, "head", 90, 0.5), scored(100, 0.5));
    assertThat(client.get("/v1/runs/a/attempts").text())
        .isEqualTo(
            "{\"attempts\":["
                + "{\"attempt\":1,\"observations\":2,\"firstStep\":90,\"lastStep\":100},"
                + "{\"attempt\":3,\"observations\":1,\"firstStep\":7,\"lastStep\":7}]}\n");
    Client.Reply unknown = client.get("/v1/runs/b/attempts");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("detail").getAsString()).isEqualTo("no run is named \"b\"");
  }

  @Test
  void trendsShowHowManyRunsFare() {
    client.report("a", scored(0, 0.25), undefined(1, "encoder", 50), scored(100, 0.5));
    client.report("a", scored(1, "head", 7, 0.125));
    client.put("/v1/runs/b", "{\"tags\":{\"lr\":\"0.1\"}}");
    assertThat(client.get("/v1/trends").text())
        .isEqualTo(
            "{\"trends\":[{\"run\":\"a\",\"series\":["
                + "{\"layer\":\"encoder\",\"reference\":\"good@0123456789ab\",\"attempt\":1,"
                + "\"steps\":[0,50,100],\"scores\":[0.25,null,0.5]},"
                + "{\"layer\":\"head\",\"reference\":\"good@0123456789ab\",\"attempt\":1,"
                + "\"steps\":[7],\"scores\":[0.125]}]},"
                + "{\"run\":\"b\",\"series\":[]}],\"next\":null}\n");
    assertThat(client.get("/v1/trends?tag=lr:0.1&state=live&prefix=b").text())
        .isEqualTo("{\"trends\":[{\"run\":\"b\",\"series\":[]}],\"next\":null}\n");
    JsonObject first = client.get("/v1/trends?limit=1&points=2").json();
    assertThat(first.toString()).contains("\"steps\":[0,100]", "\"run\":\"a\"");
    assertThat(client.get("/v1/trends?limit=1&cursor=" + first.get("next").getAsString()).text())
        .contains("\"run\":\"b\"", "\"next\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "points=0 | points must be a whole number from 2 to 100, but is \"0\"",
        "points=1 | points must be a whole number from 2 to 100, but is \"1\"",
        "points=1e1 | points must be a whole number from 2 to 100, but is \"1e1\"",
        "points=2&points=2 | points must be given once, but is given 2 times",
        "points=101 | points must be a whole number from 2 to 100, but is \"101\"",
        "limit=1001 | limit must be a whole number from 1 to 1000, but is \"1001\"",
        "tag=lr | tag must be NAME:VALUE, but is \"lr\"",
        "cursor=%25 | cursor must be the \"next\" of an earlier page of this list, but is \"%\"",
        "fromStep=1 | the parameters of this address must be among cursor, limit, points, prefix, state, tag, but one is \"fromStep\"",
      })
  void trendsThatCannotBeGivenAreRefusedWithTheReason(String query, String detail) {
    Client.Reply reply = client.get("/v1/trends?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString()).isEqualTo(detail);
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
