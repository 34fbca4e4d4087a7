package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings and collectors that are killed at every bad moment; each a process of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SpoolIT {

  private static final Pattern TAKEN = Pattern.compile("taken (\\d+/\\d+) \\.");

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));
  private Path spool = Path.of(".");
  private int started;

  private record Collector(String address, Process process) {}

  @BeforeEach
  void prepare() {
    processes = new Processes(folder);
    spool = folder.resolve("spool");
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  @Test
  void aCollectorThatIsAwayAtTheStartGetsAllOnceItIsThere() throws Exception {
    String address = addressOfNobody();
    Process training = startTraining("training", address, 1, 30);
    train(training, 10);
    awaitTaken("training", 10);
    startCollector(address);
    assertEnds(training, "training");
    assertThat(stored(address, SpooledTraining.RUN)).isEqualTo(taken("training"));
    assertThat(stateOf(address)).isEqualTo("completed");
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void aCollectorThatIsAwayInTheMiddleGetsWhatCameMeanwhile() throws Exception {
    Collector first = startCollector("");
    String address = first.address();
    Process training = startTraining("training", address, 1, 30);
    train(training, 10);
    awaitTaken("training", 10);
    patiently().until(() -> stored(address, SpooledTraining.RUN).equals(taken("training")));
    kill(first.process());
    train(training, 10);
    awaitTaken("training", 20);
    startCollector(address);
    train(training, 10);
    assertEnds(training, "training");
    assertThat(stored(address, SpooledTraining.RUN)).isEqualTo(taken("training"));
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void aCollectorThatIsAwayAtTheEndGetsAllByReplay() throws Exception {
    String address = addressOfNobody();
    Process training = startTraining("training", address, 1, 1);
    train(training, 10);
    assertEnds(training, "training");
    assertThat(spool).isNotEmptyDirectory();

    assertThat(replay("early", "--timeout", "10s").waitFor()).isEqualTo(1);
    assertThat(processes.printed("early"))
        .containsPattern("run spooled, attempt 1: 0 delivered, 1[0-9] still waiting: the collector")
        .contains("cannot be reached");

    startCollector(address);
    assertThat(replay("replay").waitFor()).as(() -> processes.printed("replay")).isZero();
    assertThat(processes.printed("replay")).containsPattern("run spooled, attempt 1: 1[0-9] deliv");
    assertThat(stored(address, SpooledTraining.RUN)).isEqualTo(taken("training"));
    assertThat(stateOf(address)).isEqualTo("completed");
    assertThat(spool).isEmptyDirectory();
    assertThat(replay("again").waitFor()).isZero();
    assertThat(processes.printed("again")).contains("nothing waits in " + spool);
  }

  @Test
  void theNextAttemptDeliversWhatAKilledOneCouldNot() throws Exception {
    String address = addressOfNobody();
    Process first = startTraining("first", address, 1, 30);
    train(first, 10);
    awaitTaken("first", 10);
    kill(first);
    startCollector(address);
    Process second = startTraining("second", address, 2, 30);
    train(second, 10);
    assertEnds(second, "second");
    Set<String> expected = new TreeSet<>(taken("first"));
    expected.addAll(taken("second"));
    assertThat(stored(address, SpooledTraining.RUN))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void afterBothWereKilledAtAnyMomentReplayDeliversWhatNobodyHasAcknowledged() throws Exception {
    Collector first = startCollector("");
    String address = first.address();
    Process training = startTraining("training", address, 1, 30);
    train(training, 100_000);
    awaitTaken("training", 50);
    kill(first.process());
    int whenKilled = taken("training").size();
    awaitTaken("training", whenKilled + 100);
    kill(training);
    List<String> taken = taken("training");
    startCollector(address);
    assertThat(replay("replay").waitFor()).as(() -> processes.printed("replay")).isZero();
    assertThat(stored(address, SpooledTraining.RUN)).doesNotHaveDuplicates().containsAll(taken);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void twoReplaysAtOnceDeliverAllAndNothingTwice() throws Exception {
    String address = addressOfNobody();
    for (int run = 0; run < 12; run++) {
      leaveBehind(address, "run-" + run);
    }
    startCollector(address);
    Process one = replay("one");
    Process other = replay("other");
    one.waitFor();
    other.waitFor();
    assertThat(replay("last").waitFor()).isZero();
    for (int run = 0; run < 12; run++) {
      assertThat(stored(address, "run-" + run))
          .as(processes.printed("one") + processes.printed("other"))
          .hasSize(250)
          .doesNotHaveDuplicates();
    }
    assertThat(
            (processes.printed("one") + processes.printed("other") + processes.printed("last"))
                .lines()
                .filter(line -> line.endsWith(": 250 delivered")))
        .hasSize(12);
    assertThat(spool).isEmptyDirectory();
  }

  /** Makes a spool as a training does whose collector is away. */
  private void leaveBehind(String address, String name) {
    RunInfo run = RunInfo.named(name);
    CollectorReporter reporter =
        CollectorReporter.builder(URI.create(address)).spool(spool).build();
    reporter.begin(run);
    for (int step = 0; step < 250; step++) {
      reporter.observed(
          run,
          List.of(
              Observation.builder(
                      new Observation.Key(1, "encoder", "good@1", step),
                      Instant.EPOCH,
                      "soft",
                      new Undefined("for the test"))
                  .build()));
    }
    Thread.currentThread().interrupt();
    reporter.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  private Process startTraining(String name, String address, int attempt, int seconds) {
    Process training =
        processes.startJava(
            name,
            SpooledTraining.class,
            address,
            spool.toString(),
            Integer.toString(attempt),
            Integer.toString(seconds));
    processes.awaitPrinted(name, training, "ready (now)");
    return training;
  }

  private static void train(Process training, int steps) throws IOException {
    training.getOutputStream().write((steps + "\n").getBytes(StandardCharsets.UTF_8));
    training.getOutputStream().flush();
  }

  private void assertEnds(Process training, String name) throws Exception {
    training.getOutputStream().close();
    assertThat(training.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(training.exitValue()).as(() -> processes.printed(name)).isZero();
  }

  /** What a training says that its reporter has taken, in that order. */
  private List<String> taken(String name) {
    Matcher lines = TAKEN.matcher(processes.printed(name));
    return lines.results().map(line -> line.group(1)).toList();
  }

  private void awaitTaken(String name, int least) {
    patiently().until(() -> taken(name).size() >= least);
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** An address at which a collector was a moment ago, and can be again. */
  private String addressOfNobody() throws InterruptedException {
    Collector collector = startCollector("");
    kill(collector.process());
    return collector.address();
  }

  /** Starts a collector at an address, or at a free one. */
  private Collector startCollector(String address) {
    String name = "collector-" + started++;
    int port = address.isEmpty() ? 0 : URI.create(address).getPort();
    Process process =
        processes.start(
            name,
            Processes.java(),
            "-jar",
            Processes.JAR.toString(),
            "serve",
            "--port",
            Integer.toString(port),
            "--data",
            folder.resolve("data").toString());
    return new Collector(
        processes.awaitPrinted(name, process, "listening on (http://\\S+)"), process);
  }

  private Process replay(String name, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Processes.java(), "-jar", Processes.JAR.toString(), "replay", spool.toString()));
    command.addAll(List.of(options));
    return processes.start(name, command.toArray(String[]::new));
  }

  /** The attempts and steps that a collector has of a run, in their order. */
  private List<String> stored(String address, String run) throws Exception {
    List<String> keys = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = get(address + "/v1/runs/" + run + "/observations?limit=1000" + cursor);
      for (JsonElement element : page.getAsJsonArray("observations")) {
        JsonObject observation = element.getAsJsonObject();
        keys.add(observation.get("attempt").getAsInt() + "/" + observation.get("step").getAsLong());
      }
      JsonElement next = page.get("next");
      cursor = next.isJsonNull() ? "" : "&cursor=" + next.getAsString();
    } while (!cursor.isEmpty());
    return keys;
  }

  private String stateOf(String address) throws Exception {
    return get(address + "/v1/runs/" + SpooledTraining.RUN).get("state").getAsString();
  }

  private JsonObject get(String address) throws Exception {
    HttpResponse<String> response =
        client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions();
  }
}
