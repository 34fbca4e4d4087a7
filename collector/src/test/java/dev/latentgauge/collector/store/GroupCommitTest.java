package dev.latentgauge.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.Runs;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.observation.RunInfo;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

  /** A change whose author made a mistake. */
  private record Broken(String run) implements Change<Run> {
    @Override
    public Run decide(Ledger ledger) {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void aChangeThatFailsAsNobodyExpectedCostsTheOthersOfItsGroupNothing(@TempDir Path folder)
      throws Exception {
    Database database = Database.sqlite(folder);
    database.prepare();
    try (GroupCommit writer =
        new GroupCommit(
            database,
            Capacity.DEFAULT,
            Runs.NOBODY,
            () -> Instant.EPOCH,
            new Durations(),
            Clock.systemUTC())) {
      writer.connect();
      CompletionStage<Run> before = writer.submit(register("a"));
      CompletionStage<Run> broken = writer.submit(new Broken("b"));
      CompletionStage<Run> after = writer.submit(register("c"));
      // All three wait by now, and so are a group.
      writer.start();
      assertThat(before.toCompletableFuture().join().name()).isEqualTo("a");
      assertThat(after.toCompletableFuture().join().name()).isEqualTo("c");
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() -> broken.toCompletableFuture().join())
          .withCauseInstanceOf(IllegalStateException.class);
      assertThat(writer.books().totals().runs()).isEqualTo(2);
    }
  }

  private static Change<Run> register(String run) {
    return new Changes.Register(RunInfo.named(run), Instant.EPOCH);
  }
}
