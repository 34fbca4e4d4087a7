package dev.latentgauge.collector.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunCacheTest {

  private final RunCache cache = new RunCache();
  private final Ledger ledger = ledger(Map.of());
  private final StoredRun unsaved =
      ledger.unsaved(Run.registered(RunInfo.named("a"), Instant.EPOCH));

  private static Ledger ledger(Map<String, StoredRun> runs) {
    return new Ledger(Capacity.DEFAULT, runs, Books.NONE, new Random(1));
  }

  private StoredRun remember() {
    ledger.commit(unsaved, unsaved.run(), List.of());
    cache.update(ledger);
    return ledger.find("a").orElseThrow();
  }

  @Test
  void hasARunInTheVersionThatItSawAndInNoOther() {
    StoredRun run = remember();
    assertThat(cache.find(run.id(), run.version())).contains(run);
    assertThat(cache.find(run.id(), run.version() + 1)).isEmpty();
    assertThat(cache.find(run.id() + 1, run.version())).isEmpty();
  }

  @Test
  void forgetsARunThatHasEnded() {
    StoredRun run = remember();
    Ledger next = ledger(Map.of("a", run));
    RunEnd end = new RunEnd(RunEnd.State.COMPLETED, "");
    next.commit(run, run.run().ended(end, Instant.EPOCH), List.of());
    cache.update(next);
    StoredRun ended = next.find("a").orElseThrow();
    assertThat(cache.find(ended.id(), ended.version())).isEmpty();
  }
}
