package dev.latentgauge.collector.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.SketchGroup;
import dev.latentgauge.collector.store.SketchKey;
import dev.latentgauge.collector.store.SketchQuery;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoredSketch;
import dev.latentgauge.relative.PairwiseScores;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.ProfilePlane;
import dev.latentgauge.relative.Sketch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Compares runs with each other, by the sketches that they sent.
 *
 * <p>Of a comparison the parts that need numbers depend on nothing but what is in the sketches and
 * the profile, and are kept by their digests: a sketch that changes makes another key, and nothing
 * has to be forgotten in time. What is said of the runs is read each time.
 *
 * <p>Thread-safe. Stages fail with a {@link Rejection} unless something broke; the methods read the
 * history on the thread of the caller.
 */
public final class Comparisons {

  /** A matrix of 64 runs takes some 600 kB. */
  private static final int MOST_RESULTS = 16;

  /** Of how many sketches it is said that they are no others'. */
  private static final int MOST_SAID = 3;

  /** More points than a picture has room for. */
  static final int MOST_POINTS = 2000;

  private final Store store;
  private final Scoring scoring;
  private final long mostCosines;
  private final ResultCache<Key, Computed<PairwiseScores>> scores = new ResultCache<>(MOST_RESULTS);
  private final ResultCache<Key, Computed<ProfilePlane>> planes = new ResultCache<>(MOST_RESULTS);

  /** All that a result depends on. */
  private record Key(Profile profile, List<String> digests) {}

  /** A result, and what it was computed from. */
  private record Computed<T>(Found found, T result) {}

  /** What was found to compare. */
  private record Found(List<StoredSketch> sketches, List<Comparison.Missing> missing) {}

  /**
   * A place to compare runs.
   *
   * @param store has the sketches
   * @param scoring has the engine, and threads
   * @param limits says of how many cosines one comparison may be
   */
  public Comparisons(Store store, Scoring scoring, ScoringLimits limits) {
    this.store = store;
    this.scoring = scoring;
    this.mostCosines = limits.cosines();
  }

  /**
   * Compares runs pair by pair; none where fewer than two can be.
   *
   * @param wish which; from 2 to {@value PairwiseScores#MOST_RUNS} if they are named
   * @return the scores
   */
  public CompletionStage<Comparison<PairwiseScores>> compare(ComparisonWish wish) {
    return compare(wish, scores, PairwiseScores::of);
  }

  /**
   * Draws the probes as two runs describe them, of more than {@value #MOST_POINTS} some that are
   * evenly spaced.
   *
   * @param wish which two
   * @return the plane
   */
  public CompletionStage<Comparison<ProfilePlane>> plane(ComparisonWish wish) {
    return compare(
        wish,
        planes,
        (runs, profile) -> ProfilePlane.of(runs.get(0), runs.get(1), profile).thinned(MOST_POINTS));
  }

  private <T> CompletionStage<Comparison<T>> compare(
      ComparisonWish wish,
      ResultCache<Key, Computed<T>> results,
      BiFunction<List<NDArray>, Profile, T> computation) {
    SketchQuery named =
        new SketchQuery(new HashSet<>(wish.runs()), Optional.empty(), Optional.empty());
    List<SketchGroup> groups = Scoring.await(store.sketchGroups(named));
    Optional<SketchKey> key = chosen(wish, named, groups);
    Found found =
        found(wish, key.map(of -> Scoring.await(sketches(named.of(of)))).orElse(List.of()));
    if (found.sketches().isEmpty()) {
      return CompletableFuture.completedStage(
          new Comparison<>(
              key, wish.profile(), List.of(), Optional.empty(), groups, found.missing()));
    }
    requireComparable(wish, found);
    Key wanted = new Key(wish.profile(), digests(found));
    return results
        .get(
            wanted,
            () -> scoring.compute(() -> computed(wish, named.of(key.orElseThrow()), computation)))
        .thenApply(
            computed -> {
              // They may have changed between the two times that they were read.
              boolean isCurrent = digests(computed.found()).equals(wanted.digests());
              if (!isCurrent) {
                results.forget(wanted);
              }
              Found compared = isCurrent ? found : computed.found();
              return new Comparison<>(
                  key,
                  wish.profile(),
                  compared.sketches(),
                  Optional.of(computed.result()),
                  groups,
                  compared.missing());
            });
  }

  private CompletionStage<List<StoredSketch>> sketches(SketchQuery query) {
    return store.sketches(query, PairwiseScores.MOST_RUNS);
  }

  private static List<String> digests(Found found) {
    return found.sketches().stream().map(StoredSketch::digest).toList();
  }

  private Optional<SketchKey> chosen(
      ComparisonWish wish, SketchQuery named, List<SketchGroup> groups) {
    boolean isFree = wish.layer().isEmpty() && wish.probes().isEmpty();
    List<SketchGroup> fitting =
        isFree
            ? groups
            : Scoring.await(
                store.sketchGroups(new SketchQuery(named.runs(), wish.layer(), wish.probes())));
    return fitting.stream().map(SketchGroup::key).findFirst();
  }

  /**
   * Of sketches of several sizes those of which there are most, or else those that came last; none
   * if they are not of two runs.
   */
  private Found found(ComparisonWish wish, List<StoredSketch> sketches) {
    Map<List<Integer>, List<StoredSketch>> bySize = new LinkedHashMap<>();
    for (StoredSketch sketch : sketches) {
      bySize
          .computeIfAbsent(List.of(sketch.probes(), sketch.anchors()), size -> new ArrayList<>())
          .add(sketch);
    }
    List<StoredSketch> most = List.of();
    for (List<StoredSketch> some : bySize.values()) {
      most = some.size() > most.size() ? some : most;
    }
    Map<String, StoredSketch> chosen = new LinkedHashMap<>();
    if (most.size() > 1) {
      fitting(wish, most).forEach(sketch -> chosen.put(sketch.run(), sketch));
    }
    List<String> order =
        wish.runs().isEmpty()
            ? sketches.stream().map(StoredSketch::run).sorted().toList()
            : wish.runs();
    List<Comparison.Missing> missing = new ArrayList<>();
    for (String run : order) {
      if (!chosen.containsKey(run)) {
        missing.add(new Comparison.Missing(run, reason(run, sketches, most)));
      }
    }
    return new Found(order.stream().map(chosen::get).filter(Objects::nonNull).toList(), missing);
  }

  /** All that are named; else those that came last, as many as may be compared at once. */
  private List<StoredSketch> fitting(ComparisonWish wish, List<StoredSketch> sketches) {
    int most = sketches.size();
    while (wish.runs().isEmpty() && most > 2 && cost(sketches.subList(0, most)) > mostCosines) {
      most--;
    }
    return sketches.subList(0, most);
  }

  /** The numbers that are held for a comparison of runs of one size: cosines, or their products. */
  private static long cost(List<StoredSketch> sketches) {
    StoredSketch first = sketches.get(0);
    return (long) sketches.size() * first.probes() * Math.max(first.anchors(), sketches.size());
  }

  /**
   * Why a run is not compared.
   *
   * @param sketches those of the layer and the probes
   * @param most of these the ones of one size, some of which are compared
   */
  private String reason(String run, List<StoredSketch> sketches, List<StoredSketch> most) {
    Optional<StoredSketch> own =
        sketches.stream().filter(sketch -> sketch.run().equals(run)).findFirst();
    if (own.isPresent()) {
      if (sketches.size() == 1) {
        return "no other has a sketch of the layer and the probes of its own, "
            + of(own.get().key());
      }
      return most.contains(own.get())
          ? "others have sent theirs later, and more are not compared at once"
          : "its sketch has "
              + own.get().probes()
              + " probes and "
              + own.get().anchors()
              + " anchors, and those of the others have not";
    }
    if (Scoring.await(store.find(run)).isEmpty()) {
      return "no run is named so";
    }
    List<StoredSketch> others =
        Scoring.await(
            store.sketches(
                new SketchQuery(Set.of(run), Optional.empty(), Optional.empty()), MOST_SAID));
    return others.isEmpty()
        ? "it has no sketch"
        : "its sketches are of others: "
            + others.stream().map(sketch -> of(sketch.key())).collect(Collectors.joining(", "));
  }

  private static String of(SketchKey key) {
    return key.layer() + " by " + key.probes();
  }

  private void requireComparable(ComparisonWish wish, Found found) {
    List<StoredSketch> sketches = found.sketches();
    if (cost(sketches) > mostCosines) {
      throw incomparable(
          "runs",
          "runs times probes times anchors, or times runs if these are more, must be at most "
              + mostCosines
              + ", but are "
              + cost(sketches)
              + ": name fewer runs");
    }
    int anchors = sketches.get(0).anchors();
    if (wish.profile() instanceof Profile.Neighbours neighbours && neighbours.count() > anchors) {
      throw incomparable(
          "profile",
          "the neighbours must be at most as many as the "
              + anchors
              + " anchors, but the profile is "
              + wish.profile());
    }
  }

  private static Rejection incomparable(String field, String detail) {
    return new Rejection(Rejection.Reason.INCOMPARABLE, Optional.of(field), detail);
  }

  private <T> Computed<T> computed(
      ComparisonWish wish, SketchQuery query, BiFunction<List<NDArray>, Profile, T> computation) {
    Map<StoredSketch, Sketch> contents =
        Scoring.await(store.sketchContents(query, PairwiseScores.MOST_RUNS));
    Found found = found(wish, List.copyOf(contents.keySet()));
    if (found.sketches().isEmpty()) {
      throw incomparable("runs", "the runs must be there as long as they are compared");
    }
    requireComparable(wish, found);
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> relatives =
          found.sketches().stream()
              .map(sketch -> requireRead(contents, sketch).relative(manager))
              .toList();
      return new Computed<>(found, computation.apply(relatives, wish.profile()));
    } catch (IllegalArgumentException e) {
      throw incomparable("runs", String.valueOf(e.getMessage()));
    }
  }

  private static Sketch requireRead(Map<StoredSketch, Sketch> contents, StoredSketch sketch) {
    Sketch content = contents.get(sketch);
    if (content == null) {
      throw new IllegalStateException("what was chosen must have been read");
    }
    return content;
  }
}
