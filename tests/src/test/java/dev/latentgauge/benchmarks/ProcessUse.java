package dev.latentgauge.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What this process has used so far.
 *
 * @param processorNanos processor time of all its threads, compiler and garbage collector included,
 *     in steps of ten milliseconds
 * @param allocatedBytes what each Java thread that has not ended has allocated on the heap, as the
 *     virtual machine counts it: the difference of the heap in use would miss what was collected
 */
record ProcessUse(long processorNanos, Map<Long, Long> allocatedBytes) {

  static ProcessUse now() {
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long[] ids = threads.getAllThreadIds();
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    Map<Long, Long> allocated = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      allocated.put(ids[i], bytes[i]);
    }
    return new ProcessUse(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
        allocated);
  }

  long processorNanosSince(ProcessUse before) {
    return processorNanos - before.processorNanos;
  }

  /** What threads that ended meanwhile have allocated is not in it. */
  long allocatedBytesSince(ProcessUse before) {
    return allocatedBytes.entrySet().stream()
        .mapToLong(
            thread -> thread.getValue() - before.allocatedBytes.getOrDefault(thread.getKey(), 0L))
        .filter(bytes -> bytes > 0)
        .sum();
  }
}
