package dev.latentgauge.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Function;

/** The heap of this process, which should do nothing else meanwhile. */
final class Heap {

  private static final int MOST_COLLECTIONS = 10;

  /** What a collection frees less than this part of the heap does not matter. */
  private static final int PART_THAT_MATTERS = 1000;

  private Heap() {}

  /** The bytes in use after a collection, when a further one would free next to nothing. */
  static long kept() {
    long kept = collected();
    for (int i = 1; i < MOST_COLLECTIONS; i++) {
      long before = kept;
      kept = collected();
      if (before - kept < before / PART_THAT_MATTERS) {
        break;
      }
    }
    return kept;
  }

  /**
   * How many bytes more are in use at most, while something is done, than after a collection before
   * it; garbage counts until it is collected. The parts of the heap may have their peaks one after
   * the other, so it is rather too many, and new ones are counted by regions of megabytes.
   */
  static long peakOf(Runnable work) {
    long before = collected();
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    work.run();
    return sum(MemoryPoolMXBean::getPeakUsage) - before;
  }

  private static long collected() {
    System.gc();
    return sum(MemoryPoolMXBean::getCollectionUsage);
  }

  private static long sum(Function<MemoryPoolMXBean, MemoryUsage> usage) {
    return pools().stream().map(usage).mapToLong(MemoryUsage::getUsed).sum();
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
