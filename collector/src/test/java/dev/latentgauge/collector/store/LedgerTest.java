package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerTest {

  @Test
  void aRunThatCameAndWentInOneGroupLeavesNothingToWrite() {
    Ledger ledger = new Ledger(Capacity.DEFAULT, Map.of(), Books.NONE, new Random(1));
    StoredRun unsaved = ledger.unsaved(Run.registered(RunInfo.named("a"), Instant.EPOCH));
    Run after = unsaved.run().observed(List.of(scored(1, 0.5)));
    ledger.commit(unsaved, after, List.of(Change.Written.of(scored(1, 0.5))));
    assertThat(ledger.added()).hasSize(1);
    assertThat(ledger.writes()).isTrue();
    ledger.delete(ledger.find("a").orElseThrow());
    assertThat(ledger.added()).isEmpty();
    assertThat(ledger.changed()).isEmpty();
    assertThat(ledger.deleted()).isEmpty();
    assertThat(ledger.writes()).isFalse();
    assertThat(ledger.books().totals()).isEqualTo(Totals.NONE);
    assertThat(ledger.news()).hasSize(2);
    assertThat(ledger.newest()).containsExactly(new News.Deleted("a"));
  }
}
