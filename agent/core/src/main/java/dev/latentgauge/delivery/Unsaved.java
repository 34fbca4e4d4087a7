package dev.latentgauge.delivery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Observations that are in memory alone, by number. Not thread-safe. */
final class Unsaved {

  private final NavigableMap<Long, String> observations = new TreeMap<>();
  private long bytes;

  void add(long number, String json) {
    observations.put(number, json);
    bytes += Journal.size(json);
  }

  /** Whether it was there. */
  boolean remove(long number) {
    String json = observations.remove(number);
    bytes -= Journal.size(json);
    return json != null;
  }

  /** Removes the oldest until so many bytes are left, and answers their numbers. */
  List<Long> removeBeyond(long limit) {
    List<Long> gone = new ArrayList<>();
    while (bytes > limit && !observations.isEmpty()) {
      long oldest = observations.firstKey();
      remove(oldest);
      gone.add(oldest);
    }
    return gone;
  }

  List<Spool.Entry> oldest(int most) {
    return observations.entrySet().stream()
        .limit(Math.max(0, most))
        .map(entry -> new Spool.Entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  Map<Long, String> all() {
    return Collections.unmodifiableMap(observations);
  }

  int size() {
    return observations.size();
  }

  void clear() {
    observations.clear();
    bytes = 0;
  }
}
