package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two collectors with one history: whoever is asked, the answer is the same. */
@Timeout(120)
class FleetTest {

  private static final String SCORE = "/v1/runs/a/embeddings?layer=encoder&reference=";

  @TempDir private Path folder;
  private PostgresServer postgres;
  private Collector one;
  private Collector other;
  private Client atOne;
  private Client atOther;

  @BeforeEach
  void start() throws IOException {
    postgres = PostgresServer.start();
    one = collector("one");
    other = collector("other");
    atOne = new Client(one.address());
    atOther = new Client(other.address());
  }

  private Collector collector(String name) throws IOException {
    return Collector.start(
        TestOptions.builder()
            .data(folder.resolve(name))
            .database(
                Optional.of(
                    Database.postgres(
                        DatabaseUrl.parse(postgres.url()), Optional.of(PostgresServer.PASSWORD))))
            .build());
  }

  @AfterEach
  void close() throws IOException {
    one.close();
    other.close();
    postgres.close();
  }

  private static Client.Reply accepted(Client.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isBetween(200, 204);
    return reply;
  }

  @Test
  void whatIsToldOfTheHistoryIsTheSameWhereverItIsScraped() {
    accepted(atOne.report("a", scored(1, 0.5)));
    accepted(atOther.report("a", scored(1, 0.5), scored(2, 0.75)));
    accepted(atOther.report("b", scored(1, 0.25)));
    accepted(atOne.post("/v1/runs/b/end", "{\"state\":\"completed\"}"));
    accepted(atOne.put("/v1/policies/median", "{\"runs\":\"*\",\"rule\":\"median\"}"));
    String metrics = atOne.get("/metrics?scope=history").text();
    assertThat(metrics)
        .contains(
            "latentgauge_collector_observations_total 3.0\n",
            "latentgauge_collector_stop_decisions_total{action=\"stop\",policy=\"median\"} 0.0\n",
            "latentgauge_run_state{run=\"b\",state=\"completed\"} 1.0\n");
    assertThat(atOther.get("/metrics?scope=history").text()).isEqualTo(metrics);
  }

  @Test
  void whoReadsEventsHearsOfWhatIsReportedElsewhere() throws IOException {
    try (EventStream stream = EventStream.open(other.address(), "/v1/events")) {
      accepted(atOne.report("a", scored(1, 0.5)));
      assertThat(stream.next().data()).contains("\"name\":\"a\"");
      accepted(atOne.delete("/v1/runs/a"));
      assertThat(stream.next().type()).isEqualTo("deleted");
    }
  }

  @Test
  void aReferenceThatOneKeepsIsEverybodys() throws IOException {
    byte[] embeddings = TestEmbeddings.everything().bytes();
    assertThat(atOne.upload("PUT", "/v1/references/good", embeddings).status()).isEqualTo(201);
    Client.Reply scored =
        accepted(atOther.upload("POST", SCORE + "good&step=1", TestEmbeddings.file(0.5).bytes()));
    Client.Reply again =
        accepted(atOne.upload("POST", SCORE + "good&step=1", TestEmbeddings.file(0.5).bytes()));
    assertThat(again.json().get("duplicates").getAsInt()).isEqualTo(1);
    assertThat(again.json().get("observation")).isEqualTo(scored.json().get("observation"));
    assertThat(atOther.upload("PUT", "/v1/references/good", embeddings).status()).isEqualTo(200);
    assertThat(
            atOther.upload("PUT", "/v1/references/good", TestEmbeddings.file(0.1).bytes()).status())
        .isEqualTo(409);
    assertThat(atOther.get("/v1/references/good").response().body())
        .isEqualTo(atOne.get("/v1/references/good").response().body());
    accepted(atOther.delete("/v1/references/good"));
    assertThat(atOne.get("/v1/references/good").status()).isEqualTo(404);
    assertThat(names(atOne.get("/v1/references"))).isEmpty();
    assertThat(atOne.delete("/v1/references/good").status()).isEqualTo(404);
  }

  @Test
  void aReferenceThatNobodyHasIsUnknown() throws IOException {
    Client.Reply refused =
        atOne.upload("POST", SCORE + "none&step=1", TestEmbeddings.file(0.5).bytes());
    assertThat(refused.status()).as(refused.text()).isEqualTo(404);
    assertThat(refused.text()).contains("no reference is named");
  }

  @Test
  void whoComesLaterHasAllReferencesAndOnlyThose() throws IOException {
    accepted(atOne.upload("PUT", "/v1/references/kept", TestEmbeddings.everything().bytes()));
    accepted(atOne.upload("PUT", "/v1/references/gone", TestEmbeddings.everything().bytes()));
    assertThat(names(atOther.get("/v1/references"))).containsExactly("gone", "kept");
    other.close();
    accepted(atOne.delete("/v1/references/gone"));
    Path copies = folder.resolve("other/reference-copies");
    Files.writeString(copies.resolve("kept.safetensors.fetched"), "broken off");
    Files.writeString(copies.resolve("kept.json"), "damaged");
    other = collector("other");
    Client later = new Client(other.address());
    assertThat(names(later.get("/v1/references"))).containsExactly("kept");
    accepted(later.upload("POST", SCORE + "kept&step=1", TestEmbeddings.file(0.5).bytes()));
    try (Stream<Path> files = Files.list(copies)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("kept.json", "kept.safetensors");
    }
  }

  @Test
  void whatCannotBeCopiedCostsTheOtherReferencesNothing() throws Exception {
    accepted(atOne.upload("PUT", "/v1/references/good", TestEmbeddings.everything().bytes()));
    accepted(atOne.upload("PUT", "/v1/references/bad", TestEmbeddings.everything().bytes()));
    other.close();
    execute(
        "update reference_part set content = '\\x00' where number = (select number from reference_file"
            + " where name = 'bad');"
            + "insert into reference_file (name, document) select '../../evil', document from"
            + " reference_file where name = 'good'");
    other = collector("third");
    Client third = new Client(other.address());
    assertThat(names(third.get("/v1/references"))).containsExactly("good");
    Client.Reply refused = third.get("/v1/references/bad");
    assertThat(refused.status()).isEqualTo(507);
    assertThat(refused.text()).contains("cannot copy the reference to its disk");
    accepted(third.upload("POST", SCORE + "good&step=1", TestEmbeddings.file(0.5).bytes()));
    assertThat(folder.resolve("evil.safetensors")).doesNotExist();
    accepted(third.delete("/v1/references/bad"));
    assertThat(third.get("/v1/references/bad").status()).isEqualTo(404);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                DatabaseUrl.parse(postgres.url()).jdbc(),
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> names(Client.Reply references) {
    return StreamSupport.stream(references.json().getAsJsonArray("references").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(reference -> reference.get("name").getAsString())
        .toList();
  }

  @Test
  void aPolicyThatOneDefinesJudgesWhatIsReportedToEither() {
    String policy =
        "{\"runs\":\"*\",\"rule\":\"median\",\"resource\":\"step\",\"gracePeriod\":1,\"minPeers\":2}";
    accepted(atOther.put("/v1/policies/median", policy));
    for (int run = 0; run < 3; run++) {
      double score = 0.9 - 0.2 * run;
      accepted(atOther.report("run-" + run, scored(1, score)));
      accepted(atOne.report("run-" + run, scored(2, score)));
      accepted(atOther.report("run-" + run, scored(3, score)));
    }
    assertThat(atOne.get("/v1/runs/run-2/decision").text()).contains("\"action\":\"stop\"");
    assertThat(atOne.report("run-2", scored(3, 0.5)).text()).contains("\"action\":\"stop\"");
  }
}
