package dev.latentgauge.collector.store;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Something for {@link GroupCommit} to do, and who waits for it. */
sealed interface Task {
  CompletableFuture<?> result();

  /** How many observations it adds. */
  int weight();

  /** A change, which is made together with others. */
  record Grouped<T>(Change<T> change, CompletableFuture<T> result) implements Task {
    @Override
    public int weight() {
      return change.observations().size();
    }

    /** Decides, and answers what tells who waits, once all is committed. */
    Runnable decided(Ledger ledger) {
      try {
        T value = change.decide(ledger);
        return () -> result.complete(value);
      } catch (ConflictException | CapacityException e) {
        return () -> result.completeExceptionally(e);
      }
    }
  }

  /** Something that has a transaction of its own. */
  record Alone<T>(Function<Handle, T> work, boolean writes, CompletableFuture<T> result)
      implements Task {
    @Override
    public int weight() {
      return 0;
    }
  }
}
