package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.scoredAnd;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.latentgauge.observation.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PolicyApiTest {

  private static final String BY_STEP =
      "{'runs':'lr-*','rule':'median','resource':'step','gracePeriod':100,'minPeers':2}";

  private final MutableClock clock = new MutableClock();
  @TempDir private Path folder;
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    collector =
        Collector.start(TestOptions.builder().data(folder.resolve("data")).clock(clock).build());
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private Client.Reply define(String name, String policy) {
    return client.put("/v1/policies/" + name, policy.replace('\'', '"'));
  }

  private void defined(String name, String policy) {
    assertThat(define(name, policy).status()).isEqualTo(201);
  }

  /** What the run is told. */
  private String report(String run, Observation... observations) {
    JsonObject directive = client.report(run, observations).json().getAsJsonObject("directive");
    return directive.get("action").getAsString()
        + (directive.has("reason") ? " " + directive.get("reason").getAsString() : "");
  }

  private JsonObject decision(String run) {
    return client.get("/v1/runs/" + run + "/decision").json();
  }

  private static List<String> actions(JsonArray decisions) {
    return strings(decisions, "action");
  }

  private static List<String> strings(JsonArray array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> element.getAsJsonObject().get(field).getAsString())
        .toList();
  }

  private static JsonArray ofFirst(JsonObject decision) {
    return decision.getAsJsonArray("policies").get(0).getAsJsonObject().getAsJsonArray("decisions");
  }

  @Test
  void withoutAPolicyNobodyIsStopped() {
    for (int run = 0; run < 9; run++) {
      assertThat(report("lr-" + run, scored(100, 0.1 * run))).isEqualTo("continue");
    }
    JsonObject decision = decision("lr-0");
    assertThat(decision.getAsJsonArray("policies")).isEmpty();
    assertThat(decision.getAsJsonObject("directive").get("action").getAsString())
        .isEqualTo("continue");
  }

  @Test
  void whoIsWorseThanTheMedianIsToldSoInTheAnswerToItsReport() {
    defined("lr", BY_STEP);
    assertThat(report("lr-a", scored(100, 0.6))).isEqualTo("continue");
    assertThat(report("lr-b", scored(100, 0.5))).isEqualTo("continue");
    assertThat(report("wd-c", scored(100, 0.1))).isEqualTo("continue");
    assertThat(report("lr-d", scored(50, 0.1))).isEqualTo("continue");

    assertThat(report("lr-d", scored(101, 0.4)))
        .isEqualTo(
            "stop lr: its score at step 100 is 0.4000, number 3 of 3 runs; to go on it would"
                + " have needed 0.5500, the median of the others");

    JsonObject decision = decision("lr-d");
    assertThat(decision.getAsJsonObject("directive").get("action").getAsString()).isEqualTo("stop");
    JsonObject made = ofFirst(decision).get(0).getAsJsonObject();
    assertThat(made.get("policy").getAsString()).isEqualTo("lr");
    assertThat(made.get("checkpoint").getAsDouble()).isEqualTo(100);
    assertThat(made.get("step").getAsLong()).isEqualTo(101);
    assertThat(made.get("value").getAsDouble()).isEqualTo(0.4);
    assertThat(made.get("threshold").getAsDouble()).isEqualTo(0.55);
    assertThat(made.get("rank").getAsInt()).isEqualTo(3);
    assertThat(made.get("peers").getAsInt()).isEqualTo(2);
    assertThat(made.get("time").getAsString()).isEqualTo(clock.instant().toString());
    assertThat(actions(ofFirst(decision("lr-b")))).containsExactly("undecided");
  }

  /** Who has collapsed has nothing left of what it was before. */
  @Test
  void whatARunHasAtTheCheckpointIsWhatCounts() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    assertThat(report("lr-c", scored(40, 0.7), scored(100, 0.1), scored(120, 0.9)))
        .startsWith("stop lr: its score at step 100 is 0.1000");
  }

  /** A value that an evaluator reports once an epoch, among scores of every step. */
  @Test
  void whereACheckpointFindsNoValueTheLastBeforeItCounts() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-a", undefined(1, "encoder", 200));
    JsonArray decisions = ofFirst(decision("lr-a"));
    assertThat(decisions).hasSize(2);
    for (JsonElement each : decisions) {
      assertThat(each.getAsJsonObject().get("value").getAsDouble()).isEqualTo(0.6);
    }
  }

  @Test
  void whatWasLeftUndecidedIsDecidedWhenThereAreOthers() {
    defined("lr", BY_STEP);
    assertThat(report("lr-a", scored(100, 0.1))).isEqualTo("continue");
    assertThat(awaits("lr-a")).isEqualTo("more runs at the same checkpoint, or the next one");
    assertThat(report("lr-b", scored(100, 0.6))).isEqualTo("continue");
    assertThat(report("lr-a", scored(110, 0.9))).isEqualTo("continue");
    assertThat(report("lr-c", scored(100, 0.5))).isEqualTo("continue");
    // What it came to since does not count: the others had as much training.
    assertThat(report("lr-a", scored(120, 0.9)))
        .startsWith("stop lr: its score at step 100 is 0.1000, number 3 of 3 runs");
    assertThat(actions(ofFirst(decision("lr-a")))).containsExactly("stop");
  }

  @Test
  void whatWasLeftUndecidedAtAnEarlierCheckpointStays() throws IOException {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.1));
    report("lr-a", scored(200, 0.9));
    report("lr-b", scored(100, 0.6));
    report("lr-c", scored(100, 0.5));
    assertThat(report("lr-a", scored(210, 0.9))).isEqualTo("continue");
    collector.close();
    start();
    assertThat(report("lr-a", scored(220, 0.9))).isEqualTo("continue");
    assertThat(actions(ofFirst(decision("lr-a")))).containsExactly("undecided", "undecided");
  }

  private String awaits(String run) {
    return decision(run)
        .getAsJsonArray("policies")
        .get(0)
        .getAsJsonObject()
        .get("awaits")
        .getAsString();
  }

  @Test
  void eachCheckpointIsDecidedOnce() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6), scored(150, 0.6));
    report("lr-a", scored(200, 0.6));
    report("lr-a", scored(310, 0.6), scored(420, 0.7));
    report("lr-a", scored(100, 0.6), scored(430, 0.8));
    JsonArray decisions = ofFirst(decision("lr-a"));
    assertThat(
            StreamSupport.stream(decisions.spliterator(), false)
                .map(each -> each.getAsJsonObject().get("checkpoint").getAsDouble()))
        .containsExactlyInAnyOrder(100.0, 200.0, 400.0);
  }

  @Test
  void whatWasDecidedOutlivesTheProcess() throws IOException {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    collector.close();
    start();
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
    collector.close();
    start();
    assertThat(report("lr-c", scored(110, 0.9))).startsWith("stop lr: ");
    assertThat(client.get("/v1/policies/lr").json().getAsJsonObject("decisions").toString())
        .isEqualTo("{\"undecided\":2,\"continue\":0,\"stop\":1}");
  }

  /** It was stored, and the collector killed, before a policy looked at it; it is sent again. */
  @Test
  void whatNoPolicyHasLookedAtIsLookedAtWithTheNextReport() {
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    report("lr-c", scored(100, 0.1));
    defined("lr", BY_STEP);
    assertThat(report("lr-a", scored(100, 0.6))).isEqualTo("continue");
    assertThat(report("lr-b", scored(101, 0.5))).isEqualTo("continue");
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
  }

  @Test
  void aNewAttemptIsJudgedAnewAndCountsInPlaceOfTheOld() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
    assertThat(report("lr-c", scored(2, "encoder", 100, 0.9))).isEqualTo("continue");
    assertThat(actions(ofFirst(decision("lr-c")))).containsExactly("continue");
    // Better than .5 and .6, but not than the median of .5, .6 and .9 if it is .6.
    assertThat(report("lr-d", scored(100, 0.55)))
        .contains("would have needed 0.6000, the median of the others");
  }

  @Test
  void aRunThatSomebodyToldToGoOnForAReasonIsSpared() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-a", scored(200, 0.6));
    report("lr-b", scored(100, 0.5));
    report("lr-b", scored(200, 0.5));
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
    client.put("/v1/runs/lr-c/directive", "{\"action\":\"continue\",\"reason\":\"I am curious\"}");
    assertThat(report("lr-c", scored(200, 0.1))).isEqualTo("continue I am curious");
    JsonObject policy = decision("lr-c").getAsJsonArray("policies").get(0).getAsJsonObject();
    assertThat(policy.get("awaits").getAsString())
        .isEqualTo("nothing: the run was told to go on, for a reason");
  }

  @Test
  void groupsAreToldByTags() {
    defined(
        "lr",
        "{'tags':{'sweep':'lr'},'rule':'median','resource':'step','gracePeriod':100,'minPeers':1}");
    for (String run : List.of("a", "b")) {
      client.put("/v1/runs/" + run, "{\"tags\":{\"sweep\":\"lr\"}}");
    }
    client.put("/v1/runs/c", "{\"tags\":{\"sweep\":\"wd\"}}");
    assertThat(report("a", scored(100, 0.6))).isEqualTo("continue");
    assertThat(report("c", scored(100, 0.1))).isEqualTo("continue");
    assertThat(report("b", scored(100, 0.1))).startsWith("stop lr: ");
  }

  @Test
  void ofSeveralSeriesThePolicyMustNameOne() {
    defined("any", BY_STEP);
    defined(
        "head",
        "{'runs':'lr-*','rule':'median','resource':'step','gracePeriod':100,'minPeers':1,"
            + "'layer':'head','reference':'good'}");
    for (String run : List.of("lr-a", "lr-b")) {
      double score = run.equals("lr-a") ? 0.6 : 0.2;
      report(run, scored(1, "encoder", 100, 0.9), scored(1, "head", 100, score));
    }
    JsonObject decision = decision("lr-b");
    JsonArray policies = decision.getAsJsonArray("policies");
    assertThat(strings(policies, "policy")).containsExactly("any", "head");
    assertThat(policies.get(0).getAsJsonObject().getAsJsonArray("decisions")).isEmpty();
    assertThat(actions(policies.get(1).getAsJsonObject().getAsJsonArray("decisions")))
        .containsExactly("stop");
    assertThat(decision("lr-a").getAsJsonArray("policies").get(0).getAsJsonObject().get("awaits"))
        .asString()
        .contains("must name a layer and a reference that leave one: encoder against good@");
  }

  @Test
  void whatIsUndefinedIsNotCompared() {
    defined("lr", BY_STEP);
    report("lr-a", undefined(1, "encoder", 100));
    assertThat(ofFirst(decision("lr-a"))).isEmpty();
    report("lr-a", scored(200, 0.5));
    assertThat(ofFirst(decision("lr-a")).get(0).getAsJsonObject().get("checkpoint").getAsDouble())
        .isEqualTo(200);
  }

  @Test
  void whatAnEvaluatorSaysCanBeWatched() {
    defined(
        "loss",
        "{'runs':'*','rule':'median','watch':'train_loss','mode':'min','resource':'step',"
            + "'gracePeriod':100,'minPeers':1}");
    report("a", scoredAnd(1, "encoder", 100, 0.1).evaluations(Map.of("train_loss", 0.5)).build());
    assertThat(
            report(
                "b",
                scoredAnd(1, "encoder", 100, 0.9).evaluations(Map.of("train_loss", 0.6)).build()))
        .startsWith("stop loss: its train_loss at step 100 is 0.6000, number 2 of 2 runs");
  }

  @Test
  void aRunThatHasEndedIsNotJudged() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    report("lr-c", scored(50, 0.1));
    client.post("/v1/runs/lr-c/end", "{\"state\":\"completed\"}");
    assertThat(report("lr-c", scored(100, 0.1))).isEqualTo("continue");
    assertThat(ofFirst(decision("lr-c"))).isEmpty();
    assertThat(awaits("lr-c")).isEqualTo("nothing: the run has ended");
  }

  /** Who was slow in the beginning, and is the best now. */
  @Test
  void nobodyIsStoppedForWhatIsLongPast() {
    for (String run : List.of("lr-a", "lr-b", "lr-c")) {
      report(run, scored(100, 0.5), scored(200, 0.5));
    }
    report("lr-d", scored(100, 0.1), scored(200, 0.9));
    defined("lr", BY_STEP);
    for (String run : List.of("lr-a", "lr-b", "lr-c", "lr-d")) {
      assertThat(report(run, scored(210, 0.9))).isEqualTo("continue");
    }
    assertThat(ofFirst(decision("lr-d")).get(0).getAsJsonObject().get("checkpoint").getAsDouble())
        .isEqualTo(200);
  }

  @Test
  void whatAPolicyAwaitsIsSaid() {
    defined("loss", BY_STEP.replace("'rule'", "'watch':'loss','mode':'min','rule'"));
    defined("short", BY_STEP.replace("'minPeers':2", "'maxResource':300"));
    report("lr-a", scored(300, 0.5));
    JsonArray policies = decision("lr-a").getAsJsonArray("policies");
    assertThat(strings(policies, "awaits"))
        .containsExactly(
            "a report with a value of loss, which the newest does not have",
            "nothing: the run has come to maxResource, where nobody is stopped any more");
  }

  @Test
  void policiesAreDefinedOnce() {
    defined("lr", BY_STEP);
    Client.Reply again = define("lr", BY_STEP);
    assertThat(again.status()).isEqualTo(200);
    Client.Reply other = define("lr", BY_STEP.replace("100", "200"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("detail").getAsString())
        .isEqualTo(
            "the policy lr is another one: delete it with what it has decided, or choose another"
                + " name");
    assertThat(client.delete("/v1/policies/lr").status()).isEqualTo(204);
    assertThat(client.delete("/v1/policies/lr").status()).isEqualTo(404);
    defined("lr", BY_STEP.replace("100", "200"));
    JsonArray policies = client.get("/v1/policies").json().getAsJsonArray("policies");
    assertThat(strings(policies, "name")).containsExactly("lr");
  }

  @Test
  void aPolicyThatIsDeletedDecidesNothingMore() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
    client.delete("/v1/policies/lr");
    assertThat(report("lr-c", scored(120, 0.1))).startsWith("stop lr: ");
    assertThat(report("lr-d", scored(100, 0.1))).isEqualTo("continue");
    assertThat(decision("lr-c").getAsJsonArray("policies")).isEmpty();
    assertThat(client.get("/v1/policies/lr/decisions").status()).isEqualTo(404);
  }

  @Test
  void aRunThatIsDeletedIsNotComparedWith() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    client.delete("/v1/runs/lr-b");
    assertThat(report("lr-c", scored(100, 0.1))).isEqualTo("continue");
    assertThat(ofFirst(decision("lr-c")).get(0).getAsJsonObject().get("peers").getAsInt())
        .isEqualTo(1);
  }

  @Test
  void aRunThatIsDeletedAndComesAgainIsLookedAtFromItsBeginning() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    assertThat(report("lr-c", scored(900, 0.9))).isEqualTo("continue");
    client.delete("/v1/runs/lr-c");
    clock.pass(Duration.ofSeconds(1));
    assertThat(report("lr-c", scored(100, 0.1))).startsWith("stop lr: ");
  }

  @Test
  void decisionsAreListedTheNewestFirst() {
    defined("lr", BY_STEP);
    for (String run : List.of("lr-a", "lr-b", "lr-c", "lr-d")) {
      report(run, scored(100, run.equals("lr-c") ? 0.1 : 0.5));
      clock.pass(Duration.ofSeconds(1));
    }
    JsonArray all =
        client.get("/v1/policies/lr/decisions?limit=3").json().getAsJsonArray("decisions");
    assertThat(strings(all, "run")).containsExactly("lr-d", "lr-c", "lr-b");
    JsonArray stops =
        client.get("/v1/policies/lr/decisions?action=stop").json().getAsJsonArray("decisions");
    assertThat(strings(stops, "run")).containsExactly("lr-c");
    assertThat(client.get("/v1/policies/lr/decisions?action=halt").status()).isEqualTo(400);
  }

  @Test
  void mistakesAreNamed() {
    Client.Reply reply = define("lr", "{'runs':'*','rule':'median','interval':0}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo("interval must be above 0, at most 2^53, but is 0.0");
    assertThat(define("lr", "{'runs':'*','rule':'median','peers':2}").json().get("field"))
        .extracting(JsonElement::getAsString)
        .isEqualTo("peers");
    assertThat(define("a%20b", BY_STEP).status()).isEqualTo(400);
    assertThat(client.get("/v1/policies/none").status()).isEqualTo(404);
    assertThat(client.get("/v1/runs/none/decision").status()).isEqualTo(404);
  }

  @Test
  void thereAreNoMoreThanAHundred() {
    for (int i = 0; i < 100; i++) {
      defined("lr-" + i, BY_STEP);
    }
    assertThat(define("lr-100", BY_STEP).status()).isEqualTo(409);
    assertThat(define("lr-99", BY_STEP).status()).isEqualTo(200);
  }

  @Test
  void decisionsAreCountedAsMetrics() {
    defined("lr", BY_STEP);
    report("lr-a", scored(100, 0.6));
    report("lr-b", scored(100, 0.5));
    report("lr-c", scored(100, 0.1));
    // The counts are read anew when a policy is defined, or after a second.
    define("lr", BY_STEP);
    assertThat(client.get("/metrics").text())
        .contains(
            "latentgauge_collector_stop_decisions_total{action=\"stop\",policy=\"lr\"} 1.0",
            "latentgauge_collector_stop_decisions_total{action=\"undecided\",policy=\"lr\"} 2.0",
            "latentgauge_run_stop_directive{run=\"lr-a\"} 0.0",
            "latentgauge_run_stop_directive{run=\"lr-c\"} 1.0");
  }
}
