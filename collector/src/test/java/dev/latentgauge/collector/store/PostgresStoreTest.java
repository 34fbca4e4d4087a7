package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.collector.Runs;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.observation.RunEnd;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreContract {

  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "");

  private final String unique = "t" + UUID.randomUUID().toString().replace("-", "");

  @Override
  Store open(String name, Capacity capacity, RunListener listener, Instant endedAfter)
      throws IOException {
    return open(schema(name), PostgresServer.PASSWORD, capacity, listener, endedAfter);
  }

  private static Store open(
      String schema, String password, Capacity capacity, RunListener listener, Instant endedAfter)
      throws IOException {
    DatabaseUrl url = DatabaseUrl.parse(PostgresServer.shared().url() + "?currentSchema=" + schema);
    return SqlStore.open(
        Database.postgres(url, Optional.of(password)),
        capacity,
        listener,
        endedAfter,
        Clock.systemUTC());
  }

  @Override
  void alter(String name, List<String> statements) throws IOException {
    execute("set search_path to " + schema(name) + ";" + String.join(";", statements));
  }

  private String schema(String name) throws IOException {
    String schema = unique + name;
    execute("create schema if not exists " + schema);
    return schema;
  }

  private static void execute(String sql) throws IOException {
    try (Connection connection =
            DriverManager.getConnection(
                DatabaseUrl.parse(PostgresServer.shared().url()).jdbc(),
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aSecondCollectorIsRefusedAsLongAsTheFirstRuns() throws IOException {
    Store first = open("one", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> open("one", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH))
        .withMessageContaining("another collector uses it");
    open("two", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH).close();
    first.close();
    open("one", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH).close();
  }

  @Test
  void aWrongPasswordIsReportedAndNotRepeated() throws IOException {
    String schema = schema("one");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> open(schema, "wrong one", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH))
        .withMessageContaining("cannot use the database postgresql://127.0.0.1:")
        .withMessageContaining("password authentication failed")
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("wrong one"));
  }

  @Test
  void aConnectionThatWasCutIsMadeAnewWithoutAFailure() throws IOException {
    try (Store store = open("one", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH)) {
      for (int i = 0; i < 5; i++) {
        cutAll();
        Appended appended =
            store.append("a", List.of(scored(i, 0.5)), Instant.EPOCH).toCompletableFuture().join();
        assertThat(appended.accepted()).isEqualTo(1);
      }
    }
  }

  @Test
  void afterACommitThatNobodyAnsweredTheListenerHearsHowItIs() throws Exception {
    String schema = schema("doubt");
    RunRegistry registry = new RunRegistry(Duration.ofMinutes(1), Clock.systemUTC());
    try (CuttingProxy proxy = new CuttingProxy(PostgresServer.shared().port())) {
      DatabaseUrl url =
          DatabaseUrl.parse(
              "postgresql://gauge@127.0.0.1:" + proxy.port() + "/postgres?currentSchema=" + schema);
      try (Store store =
          SqlStore.open(
              Database.postgres(url, Optional.of(PostgresServer.PASSWORD)),
              Capacity.DEFAULT,
              registry,
              Instant.EPOCH,
              Clock.systemUTC())) {
        store
            .append("deleted", List.of(scored(1, 0.5)), Instant.EPOCH)
            .toCompletableFuture()
            .join();
        store.append("ended", List.of(scored(1, 0.5)), Instant.EPOCH).toCompletableFuture().join();
        proxy.cutNextCommit();
        assertUnavailable(store.delete("deleted"));
        proxy.cutNextCommit();
        assertUnavailable(store.end("ended", COMPLETED, Instant.EPOCH));
        assertThat(store.probe().toCompletableFuture().join()).isTrue();
        assertThat(registry.shown())
            .extracting(run -> run.name() + " " + run.state().text())
            .containsExactly("ended completed");
        assertThat(store.totals().runs()).isEqualTo(1);
      }
    }
  }

  private static void assertUnavailable(CompletionStage<?> stage) {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> stage.toCompletableFuture().join())
        .withCauseInstanceOf(StoreException.class);
  }

  @Test
  void whatWritesNothingDoesNotShowThatItCanBeWritten() throws IOException {
    try (Store store = open("readonly", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH)) {
      execute("alter role gauge set default_transaction_read_only = on");
      cutAll();
      assertUnavailable(store.probe());
      assertThat(store.trouble()).isPresent();
      assertThat(store.delete("nobody").toCompletableFuture().join()).isFalse();
      assertThat(store.trouble()).isPresent();
      execute("begin read write; alter role gauge reset all; commit");
      cutAll();
      assertThat(store.probe().toCompletableFuture().join()).isTrue();
      assertThat(store.trouble()).isEmpty();
    } finally {
      execute("begin read write; alter role gauge reset all; commit");
    }
  }

  private static void cutAll() throws IOException {
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where application_name like 'latentgauge%'");
  }
}
