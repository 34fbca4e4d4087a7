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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    return schema(name).open(capacity, listener, endedAfter);
  }

  @Override
  void alter(String name, List<String> statements) throws IOException {
    schema(name).execute(String.join(";", statements));
  }

  private PostgresSchema schema(String name) throws IOException {
    return PostgresSchema.of(unique + name);
  }

  @Test
  void aWrongPasswordIsReportedAndNotRepeated() throws IOException {
    Database database = schema("one").database(PostgresServer.shared().port(), "wrong one");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                PostgresSchema.open(database, Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH).close())
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
    RunRegistry registry =
        new RunRegistry(Duration.ofMinutes(1), Clock.systemUTC(), Clock.systemUTC());
    try (CuttingProxy proxy = new CuttingProxy(PostgresServer.shared().port())) {
      Database database = schema("doubt").database(proxy.port(), PostgresServer.PASSWORD);
      try (Store store = PostgresSchema.open(database, Capacity.DEFAULT, registry, Instant.EPOCH)) {
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
      PostgresSchema.administer("alter role gauge set default_transaction_read_only = on");
      cutAll();
      assertUnavailable(store.probe());
      assertThat(store.trouble()).isPresent();
      assertThat(store.follow().toCompletableFuture().join()).isTrue();
      assertThat(store.trouble()).isPresent();
      PostgresSchema.administer("begin read write; alter role gauge reset all; commit");
      cutAll();
      assertThat(store.probe().toCompletableFuture().join()).isTrue();
      assertThat(store.trouble()).isEmpty();
    } finally {
      PostgresSchema.administer("begin read write; alter role gauge reset all; commit");
    }
  }

  private static void cutAll() throws IOException {
    PostgresSchema.administer(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where application_name like 'latentgauge%'");
  }
}
