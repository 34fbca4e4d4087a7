package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ReferenceApiTest {

  private final MutableClock clock = new MutableClock();
  @TempDir private Path folder;
  private CollectorOptions options;
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    options = TestOptions.builder().data(folder.resolve("data")).clock(clock).build();
    collector = Collector.start(options);
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  @Test
  void embeddingsBecomeAReferenceThatAnyoneCanFetch() throws IOException {
    Client.Reply put =
        client.upload(
            "PUT", "/v1/references/good?layer=encoder", TestEmbeddings.everything().bytes());

    assertThat(put.status()).as(put.text()).isEqualTo(201);
    JsonObject document = put.json();
    assertThat(document.get("reference").getAsString()).matches("good@[0-9a-f]{12}");
    assertThat(document.get("model").getAsString()).isEqualTo("good");
    assertThat(document.get("layer").getAsString()).isEqualTo("encoder");
    assertThat(document.get("profile").getAsString()).isEqualTo("standardised");
    assertThat(document.get("anchors").getAsInt()).isEqualTo(TestEmbeddings.ANCHORS);
    assertThat(document.get("probes").getAsInt()).isEqualTo(TestEmbeddings.PROBES);
    assertThat(document.get("inputs").getAsBoolean()).isTrue();
    assertThat(Instant.parse(document.get("createdAt").getAsString())).isEqualTo(clock.instant());
    double floor = document.getAsJsonObject("floor").get("score").getAsDouble();
    double ceiling = document.getAsJsonObject("ceiling").get("score").getAsDouble();
    assertThat(floor).isLessThan(0.5);
    assertThat(ceiling).isGreaterThan(0.8);

    Client.Reply described = client.get("/v1/references/good", "Accept", "application/json");
    assertThat(described.json()).isEqualTo(document);
    Path file = folder.resolve("fetched");
    Client.Reply fetched = client.get("/v1/references/good");
    assertThat(fetched.header("content-type")).isEqualTo("application/octet-stream");
    String tag = fetched.header("etag");
    assertThat(tag).isEqualTo("\"" + document.get("sha256").getAsString() + "\"");
    assertThat(client.get("/v1/references/good", "If-None-Match", tag).status()).isEqualTo(304);
    Files.write(file, fetched.response().body());
    try (Reference reference = Reference.load(file)) {
      assertThat(reference.id()).isEqualTo(document.get("reference").getAsString());
      assertThat(reference.floor().orElseThrow().score()).isEqualTo(floor);
      assertThat(reference.probes().orElseThrow().probeCount()).isEqualTo(TestEmbeddings.PROBES);
    }
  }

  @Test
  void aReferenceThatCannotBeWrittenLeavesNothingBehind() throws IOException {
    Path inTheWay = folder.resolve("data/references/good.json");
    Files.createDirectories(inTheWay.resolve("x"));
    Client.Reply put = client.upload("PUT", "/v1/references/good", TestEmbeddings.file(0).bytes());
    assertThat(put.status()).isEqualTo(507);
    assertThat(put.json().get("detail").getAsString())
        .isEqualTo("the collector cannot write the reference to its disk; its log says why");
    try (Stream<Path> files = Files.list(inTheWay.getParent())) {
      assertThat(files).containsExactly(inTheWay);
    }
    Files.delete(inTheWay.resolve("x"));
    Files.delete(inTheWay);
    assertThat(client.upload("PUT", "/v1/references/good", TestEmbeddings.file(0).bytes()).status())
        .isEqualTo(201);
  }

  @Test
  void whatIsSaidOfAReferenceIsNotKeptAtAnyLength() {
    byte[] file = TestEmbeddings.file(0).text("model", "m".repeat(20_000)).bytes();
    Client.Reply put = client.upload("PUT", "/v1/references/good", file);
    assertThat(put.status()).isEqualTo(422);
    assertThat(put.json().get("detail").getAsString())
        .startsWith(
            "what is said of a reference, such as its model, must have at most 16384 characters");
    assertThat(client.get("/v1/references").json().getAsJsonArray("references")).isEmpty();
  }

  @Test
  void aReferenceFileIsKeptAsItIs() throws IOException {
    client.upload("PUT", "/v1/references/good", TestEmbeddings.everything().bytes());
    byte[] file = client.get("/v1/references/good").response().body();
    client.delete("/v1/references/good");

    Client.Reply put = client.upload("PUT", "/v1/references/good", file);

    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(client.get("/v1/references/good").response().body()).isEqualTo(file);
    Client.Reply other = client.upload("PUT", "/v1/references/other", file);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().get("detail").getAsString())
        .isEqualTo(
            "the reference in the body must be called other, as the address says, but is called"
                + " good");
    assertThat(client.upload("PUT", "/v1/references/good?profile=cosine", file).status())
        .isEqualTo(409);
  }

  @Test
  void theSameAgainChangesNothingAndOtherContentIsAConflict() {
    byte[] file = TestEmbeddings.file(0).bytes();
    JsonObject first = client.upload("PUT", "/v1/references/good", file).json();
    Client.Reply again = client.upload("PUT", "/v1/references/good", file);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first);

    Client.Reply other =
        client.upload("PUT", "/v1/references/good", TestEmbeddings.file(1).bytes());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("detail").getAsString())
        .isEqualTo(
            "the name good is taken by another reference, or the same with another calibration, "
                + first.get("reference").getAsString()
                + " with the profile standardised: choose another name, or delete that one first");
    assertThat(client.upload("PUT", "/v1/references/good?profile=cosine", file).status())
        .isEqualTo(409);
    assertThat(client.upload("PUT", "/v1/references/good?layer=head", file).status())
        .isEqualTo(409);
    assertThat(client.upload("PUT", "/v1/references/good?model=good", file).status())
        .isEqualTo(200);
    assertThat(client.get("/v1/references/good", "Accept", "application/json").json())
        .isEqualTo(first);
  }

  @Test
  void theProfileIsChosenOnce() {
    Client.Reply put =
        client.upload(
            "PUT", "/v1/references/good?profile=neighbours:4", TestEmbeddings.file(0).bytes());
    assertThat(put.json().get("profile").getAsString())
        .isEqualTo(Profile.parse("neighbours:4").toString());
  }

  @Test
  void referencesAreListedAndDeleted() {
    byte[] file = TestEmbeddings.file(0).bytes();
    for (String name : List.of("b", "a", "c")) {
      client.upload("PUT", "/v1/references/" + name, file);
    }
    JsonObject page = client.get("/v1/references?limit=2").json();
    assertThat(names(page)).containsExactly("a", "b");
    String next = page.get("next").getAsString();
    assertThat(names(client.get("/v1/references?limit=2&cursor=" + next).json()))
        .containsExactly("c");
    assertThat(client.delete("/v1/references/b").status()).isEqualTo(204);
    assertThat(client.delete("/v1/references/b").status()).isEqualTo(404);
    assertThat(client.get("/v1/references/b").status()).isEqualTo(404);
    assertThat(names(client.get("/v1/references").json())).containsExactly("a", "c");
    assertThat(client.get("/metrics").text()).contains("latentgauge_collector_references 2.0");
  }

  private static List<String> names(JsonObject page) {
    return page.getAsJsonArray("references").asList().stream()
        .map(element -> element.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  @Test
  void referencesOutliveTheCollector() throws IOException {
    JsonObject document =
        client.upload("PUT", "/v1/references/good", TestEmbeddings.file(0).bytes()).json();
    collector.close();
    // What a collector that was killed leaves of an upload, and of a reference not yet described.
    Path upload = folder.resolve("data/uploads/0b5a2e4c-9d8f-4a67-8c1e-2f3a4b5c6d7e/upload");
    Files.createDirectories(upload.getParent());
    Files.writeString(upload, "half");
    Files.writeString(folder.resolve("data/references/half.safetensors"), "half");

    collector = Collector.start(options);
    client = new Client(collector.address());

    assertThat(client.get("/v1/references/good", "Accept", "application/json").json())
        .isEqualTo(document);
    assertThat(names(client.get("/v1/references").json())).containsExactly("good");
    assertThat(filesIn("data/uploads")).isEmpty();
  }

  @Test
  void aDamagedDescriptionIsReportedAndNotReplaced() throws IOException {
    client.upload("PUT", "/v1/references/good", TestEmbeddings.file(0).bytes());
    collector.close();
    Path description = folder.resolve("data/references/good.json");
    Files.writeString(description, "{\"name\":");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options))
        .withMessage(
            description
                + " is damaged: it does not describe a reference; restore it, or move it away");

    Files.delete(description);
    collector = Collector.start(options);
  }

  @Test
  void aDataFolderHasOneCollector() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options))
        .withMessage(
            "cannot keep data in "
                + options.data().toAbsolutePath()
                + ": another collector uses it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/references/a%20b | 400 | the name of a reference must match [A-Za-z0-9._*@-]{1,128}, but is \"a b\"",
        "/v1/references/%2e%2e%2fx | 400 | the name of a reference must match [A-Za-z0-9._*@-]{1,128}, but is \"../x\"",
        "/v1/references/good?profile=sharp | 400 | a profile must be cosine, standardised, soft, soft:TEMPERATURE or neighbours:COUNT, but is \"sharp\"",
      })
  void whatIsWishedForIsCheckedFirst(String path, int status, String detail) {
    Client.Reply reply = client.upload("PUT", path, TestEmbeddings.file(0).bytes());
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.json().get("detail").getAsString()).isEqualTo(detail);
  }

  @Test
  void whatCannotBeAReferenceIsRefusedAndLeavesNothing() throws IOException {
    assertRefused(
        400,
        "the body is not a valid safetensors file: its header must",
        "garbage!!".getBytes(StandardCharsets.UTF_8));
    assertRefused(
        400,
        "the body is not a file of embeddings: it must have an array \"anchors\"; it has none",
        new Safetensors().bytes());
    assertRefused(
        422,
        "",
        new Safetensors()
            .matrix("anchors", new float[][] {{1, 0}, {1, 0}, {1, 0}})
            .matrix("probes", new float[][] {{1, 1}, {1, 1}, {1, 1}})
            .bytes());
    Safetensors upsideDown = TestEmbeddings.everything().text("probes", "another choice of inputs");
    assertRefused(422, "the body says that it is of the probe set another", upsideDown.bytes());
    assertRefused(
        422,
        "the name of the layer must match",
        TestEmbeddings.file(0).text("layer", "<b>").bytes());
    assertThat(filesIn("data/references")).isEmpty();
  }

  @Test
  void whatIsKeptIsNoBusinessOfOtherUsers() throws IOException {
    for (String name : List.of("references", "uploads")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("data").resolve(name)))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void assertRefused(int status, String detail, byte[] file) {
    Client.Reply reply = client.upload("PUT", "/v1/references/bad", file);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().get("detail").getAsString()).startsWith(detail);
    assertThat(reply.text()).doesNotContain(folder.toString());
  }

  private List<Path> filesIn(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.toList();
    }
  }
}
