package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.event.EventLimits;
import dev.latentgauge.reference.SketchFile;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Server-sent events over HTTP. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsApiTest {

  private static final int THOUSAND = 1000;

  private static final String READERS = "latentgauge_collector_event_readers";
  private static final String DROPPED = "latentgauge_collector_event_dropped_readers_total";

  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    start(EventLimits.DEFAULT);
  }

  private void start(EventLimits limits) throws IOException {
    collector = Collector.start(TestOptions.builder().events(limits).build());
    client = new Client(collector.address());
  }

  private void restart(EventLimits limits) throws IOException {
    collector.close();
    start(limits);
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private EventStream open(String path, String... headers) throws IOException {
    return EventStream.open(collector.address(), path, headers);
  }

  @Test
  void tellsWhatHappensToRunsAsItHappens() throws IOException {
    try (EventStream stream = open("/v1/events")) {
      client.put("/v1/runs/a", "{\"model\":\"cnn\"}");
      EventStream.Event registered = stream.next();
      assertThat(registered.type()).isEqualTo("run");
      assertThat(registered.data()).isEqualTo(client.get("/v1/runs/a").text().strip());
      client.report("a", scored(1, 0.5), scored(2, 0.25));
      assertThat(stream.next().data()).isEqualTo(client.get("/v1/runs/a").text().strip());
      client.post("/v1/runs/a/end", "{\"state\":\"completed\"}");
      assertThat(stream.next().data()).contains("\"state\":\"completed\"");
      client.delete("/v1/runs/a");
      EventStream.Event deleted = stream.next();
      assertThat(deleted.type()).isEqualTo("deleted");
      assertThat(deleted.data()).isEqualTo("{\"name\":\"a\"}");
    }
  }

  @Test
  void tellsOfNewSketches() throws IOException {
    byte[] sketch = SketchFile.bytes(Sketch.of(3, 1, new float[1], new float[1], new byte[3]));
    try (EventStream stream = open("/v1/events")) {
      String path = "/v1/runs/a/sketches?layer=encoder&probes=digits&step=";
      client.upload("PUT", path + 7, sketch);
      assertThat(stream.next().type()).isEqualTo("run");
      EventStream.Event event = stream.next();
      assertThat(event.type()).isEqualTo("sketch");
      assertThat(event.data())
          .isEqualTo("{\"run\":\"a\",\"layer\":\"encoder\",\"probes\":\"digits\",\"step\":7}");
      client.upload("PUT", path + 6, sketch);
      client.upload("PUT", path + 8, sketch);
      assertThat(stream.next().type()).isEqualTo("run");
      EventStream.Event next = stream.next();
      while (next.type().equals("run")) {
        next = stream.next();
      }
      assertThat(next.data()).endsWith("\"step\":8}");
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() throws IOException {
    String lastId;
    try (EventStream stream = open("/v1/events")) {
      client.put("/v1/runs/a", "{}");
      lastId = stream.next().id();
    }
    client.put("/v1/runs/b", "{}");
    client.put("/v1/runs/c", "{}");
    try (EventStream stream = open("/v1/events", "Last-Event-ID", lastId)) {
      assertThat(stream.next().data()).startsWith("{\"name\":\"b\"");
      assertThat(stream.next().data()).startsWith("{\"name\":\"c\"");
    }
  }

  @Test
  void whoSawNothingYetMissesNothingEither() throws IOException {
    String lastId;
    try (EventStream stream = open("/v1/events")) {
      lastId = stream.lastId();
    }
    client.put("/v1/runs/a", "{}");
    try (EventStream stream = open("/v1/events", "Last-Event-ID", lastId)) {
      assertThat(stream.next().data()).startsWith("{\"name\":\"a\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"0b5a2e4c-1", "nonsense", "-1"})
  void whoCannotGoOnIsToldToReadAnew(String lastId) throws IOException {
    client.put("/v1/runs/a", "{}");
    try (EventStream stream = open("/v1/events", "Last-Event-ID", lastId)) {
      EventStream.Event reset = stream.next();
      assertThat(reset.type()).isEqualTo("reset");
      assertThat(reset.data()).isEqualTo("{}");
      client.put("/v1/runs/b", "{}");
      assertThat(stream.next().data()).startsWith("{\"name\":\"b\"");
    }
  }

  @Test
  void runsAreChosenByTheirNamesAndTheirBeginnings() throws IOException {
    try (EventStream named = open("/v1/events?run=a&run=c");
        EventStream begun = open("/v1/events?prefix=lr-")) {
      for (String run : List.of("a", "b", "lr-1", "c", "lr", "lr-2")) {
        client.put("/v1/runs/" + run, "{}");
      }
      assertThat(List.of(name(named), name(named))).containsExactly("a", "c");
      assertThat(List.of(name(begun), name(begun))).containsExactly("lr-1", "lr-2");
    }
  }

  private static String name(EventStream stream) throws IOException {
    return JsonParser.parseString(stream.next().data()).getAsJsonObject().get("name").getAsString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run=a%20b | run must match [A-Za-z0-9._*@-]{1,128}, but is \"a b\"",
        "prefix= | prefix must match [A-Za-z0-9._*@-]{1,128}, but is \"\"",
        "name=a | the parameters of this address must be among prefix, run, but one is \"name\"",
      })
  void aChoiceThatIsNotAllowedIsRefused(String query, String detail) {
    Client.Reply reply = client.get("/v1/events?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").getAsString()).isEqualTo(detail);
  }

  @Test
  void aThousandReadersHearTheSameAndLeaveNothingBehind() throws Exception {
    EventLimits usual = EventLimits.DEFAULT;
    restart(new EventLimits(2 * THOUSAND, usual.runs(), usual.bytes(), usual.heartbeat()));
    List<EventStream> streams = new ArrayList<>();
    try {
      for (int i = 0; i < THOUSAND; i++) {
        streams.add(open("/v1/events"));
      }
      Client.Reply refused = client.get("/v1/events");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("10");
      assertThat(refused.json().get("detail").getAsString())
          .isEqualTo(
              "readers of events must be at most 1000 of one client, and as many are connected: try"
                  + " again later");
      client.report("a", scored(1, 0.5));
      EventStream.Event first = streams.get(0).next();
      for (EventStream stream : streams.subList(1, streams.size())) {
        assertThat(stream.next()).isEqualTo(first);
      }
    } finally {
      for (EventStream stream : streams) {
        stream.close();
      }
    }
    awaitMetric(READERS, 0);
    assertThat(metric(DROPPED)).isZero();
    open("/v1/events").close();
  }

  @Test
  void readersThatComeAndGoLeaveNothingBehind() throws Exception {
    for (int i = 0; i < 500; i++) {
      EventStream stream =
          i % 2 == 0 ? open("/v1/events") : EventStream.send(collector.address(), "/v1/events");
      client.put("/v1/runs/a", "{}");
      stream.close();
    }
    awaitMetric(READERS, 0);
  }

  @Test
  void aReaderThatNeverReadsIsDroppedAndTheOthersDoNotWaitForIt() throws Exception {
    restart(new EventLimits(10, 100, 1 << 20, Duration.ofMillis(200)));
    String large = large("never");
    try (EventStream never = EventStream.send(collector.address(), "/v1/events");
        EventStream reading = open("/v1/events?run=small")) {
      awaitMetric(READERS, 2);
      for (int i = 0; metric(DROPPED) == 0; i++) {
        client.put("/v1/runs/large-" + i % 50, large);
        client.put("/v1/runs/small", "{}");
        assertThat(reading.next().data()).startsWith("{\"name\":\"small\"");
      }
      assertThat(metric(DROPPED)).isEqualTo(1);
      assertThat(metric(READERS)).isEqualTo(1);
      never.readToTheEnd();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void aReaderThatPausesGetsTheNewestOfEachRunInTheEnd() throws IOException {
    int runs = 300;
    try (EventStream pausing = open("/v1/events")) {
      for (String model : List.of("early", "late")) { // more than the network holds
        for (int i = 0; i < runs; i++) {
          client.put("/v1/runs/run-" + i, large(model));
        }
      }
      Set<String> late = new HashSet<>();
      while (late.size() < runs) {
        JsonObject run = JsonParser.parseString(pausing.next().data()).getAsJsonObject();
        if (run.get("model").getAsString().equals("late")) {
          late.add(run.get("name").getAsString());
        }
      }
    }
    assertThat(metric(DROPPED)).isZero();
  }

  /** A run of which 30 KB are said. */
  private static String large(String model) {
    JsonObject tags = new JsonObject();
    for (int i = 0; i < 30; i++) {
      tags.addProperty("t" + i, "x".repeat(1000));
    }
    JsonObject run = new JsonObject();
    run.addProperty("model", model);
    run.add("tags", tags);
    return run.toString();
  }

  @Test
  void heartbeatsKeepASilentStreamAlive() throws IOException {
    collector.close();
    CollectorOptions options = TestOptions.builder().idleTime(Duration.ofSeconds(1)).build();
    collector = Collector.start(options);
    client = new Client(collector.address());
    Instant before = options.clock().instant();
    try (EventStream stream = open("/v1/events")) {
      for (int i = 0; i < 6; i++) { // twice the idle time
        assertThat(stream.awaitBeat()).isBetween(before, options.clock().instant());
      }
      client.put("/v1/runs/a", "{}");
      assertThat(name(stream)).isEqualTo("a");
    }
  }

  @Test
  void endsWhenTheCollectorCloses() throws IOException {
    try (EventStream stream = open("/v1/events")) {
      collector.close();
      stream.readToTheEnd();
    }
  }

  @Test
  void headAnswersWithoutAStream() {
    Client.Reply head = client.send("HEAD", "/v1/events", new byte[0]);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).isEqualTo("text/event-stream");
    assertThat(metric(READERS)).isZero();
  }

  @Test
  void eventsComeInTheOrderOfTheirCommitsHoweverManyWrite() throws Exception {
    int reports = 100;
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (EventStream stream = open("/v1/events")) {
      List<Future<?>> done = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        long offset = (long) writer * reports;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < reports; i++) {
                    client.report("a", scored(offset + i, 0.5));
                  }
                }));
      }
      long number = 0;
      int observations = 0;
      while (observations < 8 * reports) {
        EventStream.Event event = stream.next();
        long next = Long.parseLong(event.id().substring(9));
        int count =
            JsonParser.parseString(event.data()).getAsJsonObject().get("observations").getAsInt();
        assertThat(next).isGreaterThan(number);
        assertThat(count).isGreaterThan(observations);
        number = next;
        observations = count;
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private double metric(String name) {
    return client
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  /** The time limit of the test is the only one. */
  private void awaitMetric(String name, double value) {
    while (metric(name) != value) {
      Thread.onSpinWait();
    }
  }
}
