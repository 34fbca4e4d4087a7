package dev.latentgauge.collector.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResultCacheTest {

  private final ResultCache<String, Integer> cache = new ResultCache<>(2);
  private final List<CompletableFuture<Integer>> begun = new ArrayList<>();

  private CompletableFuture<Integer> get(String key) {
    return cache
        .get(
            key,
            () -> {
              begun.add(new CompletableFuture<>());
              return begun.get(begun.size() - 1);
            })
        .toCompletableFuture();
  }

  @Test
  void whoAsksForTheSameWaitsForOneResult() {
    CompletableFuture<Integer> first = get("a");
    CompletableFuture<Integer> second = get("a");
    assertThat(begun).hasSize(1);
    begun.get(0).complete(7);
    assertThat(first).isCompletedWithValue(7);
    assertThat(second).isCompletedWithValue(7);
    assertThat(get("a")).isCompletedWithValue(7);
    assertThat(begun).hasSize(1);
  }

  /** Asks for some, and says how many results were begun so far. */
  private int begunAfter(String... keys) {
    for (String key : keys) {
      assertThat(get(key)).isNotCompletedExceptionally();
    }
    return begun.size();
  }

  @Test
  void whatFailsIsComputedAnewByTheNext() {
    CompletableFuture<Integer> first = get("a");
    begun.get(0).completeExceptionally(new IllegalStateException("broken"));
    assertThat(first).isCompletedExceptionally();
    assertThat(begunAfter("a")).isEqualTo(2);
    begun.get(1).complete(8);
    assertThat(get("a")).isCompletedWithValue(8);
  }

  @Test
  void whatCannotBeBegunIsNotKept() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                cache.get(
                    "a",
                    () -> {
                      throw new IllegalStateException("full");
                    }));
    assertThat(begunAfter("a")).isEqualTo(1);
  }

  @Test
  void ofManyResultsThoseAreKeptThatWereAskedForLast() {
    assertThat(begunAfter("a", "b", "a", "c")).isEqualTo(3);
    assertThat(begunAfter("a", "c")).isEqualTo(3);
    assertThat(begunAfter("b")).isEqualTo(4);
  }

  @Test
  void whatIsForgottenIsComputedAnew() {
    assertThat(begunAfter("a")).isEqualTo(1);
    cache.forget("a");
    assertThat(begunAfter("a")).isEqualTo(2);
  }
}
