package dev.latentgauge.collector.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Many rows at once. */
final class Batches {

  private Batches() {}

  /** Executes what may be nothing, which no driver likes. */
  static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** Parts of a list, as databases bound the parameters of one statement. */
  static <T> List<List<T>> parts(Collection<T> whole, int largest) {
    List<T> list = List.copyOf(whole);
    List<List<T>> parts = new ArrayList<>();
    for (int start = 0; start < list.size(); start += largest) {
      parts.add(list.subList(start, Math.min(list.size(), start + largest)));
    }
    return parts;
  }
}
