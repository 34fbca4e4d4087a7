package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the page show it: runs that never were, and a training that is. */
class LiveFixturesIT {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  @TempDir private static Path folder;
  private static LiveCollector collector;
  private static CollectorApi api;

  @BeforeAll
  static void start() {
    collector = LiveCollector.start(folder);
    api = collector.api();
  }

  @AfterAll
  static void stop() {
    collector.close();
  }

  @Test
  void aFleetHasRunsOfEveryKind() {
    List<SyntheticRun> runs = ManyRuns.in(api).mixed(60);
    Posting.of(runs, api, NOW);
    assertThat(runs).extracting(SyntheticRun::fate).contains(Fate.values());
    assertThat(runs).anyMatch(SyntheticRun::hasGaps);
    assertThat(runs).extracting(run -> run.references().size()).contains(1, 2);
    assertThat(runs).extracting(run -> run.info().attempt()).contains(1, 2);
    for (SyntheticRun run : runs) {
      JsonObject found = api.run(run.name());
      assertThat(found.get("state").getAsString())
          .isEqualTo(run.fate().name().toLowerCase(Locale.ROOT));
      assertThat(found.get("attempt").getAsInt()).isEqualTo(run.info().attempt());
      assertThat(found.get("observations").getAsInt())
          .isEqualTo(run.length() * run.references().size());
    }
  }

  @Test
  void aGrowingRunHasWhatItReported() {
    GrowingRun run =
        GrowingRun.begin(api, ManyRuns.in(api).plain("growing", Fate.COMPLETED, 10), NOW);
    run.report(NOW);
    double score = run.report(NOW.plusSeconds(1)).get(0).gaugedScore().orElseThrow();
    run.end();
    JsonObject found = api.run("growing");
    assertThat(found.get("state").getAsString()).isEqualTo("completed");
    assertThat(found.getAsJsonArray("latest").get(0).getAsJsonObject().get("gaugedScore"))
        .extracting(JsonElement::getAsDouble)
        .isEqualTo(score);
  }

  @Test
  void aCollectorThatWasKilledComesBackWithItsRuns() {
    SyntheticRun run = ManyRuns.in(api).plain("kept", Fate.COMPLETED, 5);
    Posting.of(List.of(run), api, NOW);
    collector.kill();
    collector.startAgain();
    assertThat(api.run("kept").get("observations").getAsInt()).isEqualTo(5);
    collector.stop();
    collector.startAgain();
    assertThat(api.run("kept").get("observations").getAsInt()).isEqualTo(5);
  }

  @Test
  void aPacedTrainingReportsAfterEachEpochAndObeys() throws Exception {
    try (ImageReference reference = ImageReference.make("clothes")) {
      reference.put(api);
      assertThat(api.get("/v1/references/clothes")).contains("\"floor\"", "\"ceiling\"");
      try (PacedTraining training =
          PacedTraining.begin(
              reference, collector.address(), RunInfo.named("paced").tag("lr", "0.0005"))) {
        assertThat(training.epochs(2)).isTrue();
        awaitObservations("paced", 3);
        List<Double> scores = scores("paced");
        assertThat(scores.get(2)).isGreaterThan(scores.get(0));
        api.direct("paced", true, "enough");
        // It hears of it with the answer to a report, which it does not wait for.
        Awaitility.await().pollInSameThread().until(() -> !training.epochs(1));
        training.end();
      }
      assertThat(api.run("paced").get("state").getAsString()).isEqualTo("stopped");
      try (PacedTraining training =
          PacedTraining.begin(reference, collector.address(), RunInfo.named("broken"))) {
        training.epochs(1);
        training.fail(new IllegalStateException("the disk is full"));
      }
      assertThat(api.run("broken").toString()).contains("\"failed\"", "the disk is full");
    }
  }

  private static void awaitObservations(String run, int count) {
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> api.run(run).get("observations").getAsInt() == count);
  }

  private static List<Double> scores(String run) {
    return JsonParser.parseString(api.get("/v1/runs/" + run + "/observations"))
        .getAsJsonObject()
        .getAsJsonArray("observations")
        .asList()
        .stream()
        .map(observation -> observation.getAsJsonObject().get("score").getAsDouble())
        .toList();
  }
}
