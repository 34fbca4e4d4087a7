package dev.latentgauge.collector.scoring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What was computed last, and what is being computed, so that those who ask for the same meanwhile
 * wait for one result. What fails is forgotten. Thread-safe.
 *
 * @param <K> what a result depends on, all of it: a result never becomes wrong
 * @param <T> the result
 */
final class ResultCache<K, T> {

  private final Map<K, CompletionStage<T>> results;

  /** Keeps so many results. */
  ResultCache(int most) {
    this.results =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, CompletionStage<T>> eldest) {
            return size() > most;
          }
        };
  }

  /** The result under a key; computed if it is not there, which must only be begun. */
  CompletionStage<T> get(K key, Supplier<CompletionStage<T>> computation) {
    CompletionStage<T> result;
    synchronized (this) {
      CompletionStage<T> known = results.get(key);
      if (known != null) {
        return known;
      }
      result = computation.get();
      results.put(key, result);
    }
    result.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            forget(key);
          }
        });
    return result;
  }

  /** Has the next who asks compute it anew. */
  synchronized void forget(K key) {
    results.remove(key);
  }
}
