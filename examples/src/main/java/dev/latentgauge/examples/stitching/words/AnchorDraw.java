package dev.latentgauge.examples.stitching.words;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.ParameterStore;
import dev.latentgauge.examples.data.WordSpaces;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.MeanCosine;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.projection.RelativeProjection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What comes of one choice of anchors. */
final class AnchorDraw {

  static final String FAST_TEXT = "fastText";
  static final String WORD_2_VEC = "word2vec";

  /** Vectors less the mean of the anchors' vectors. */
  static final String CENTRED = "absolute, centred";

  /** Behind the name of a measure: the anchors are among the words that are looked for. */
  static final String AMONG_ALL = " among all words";

  private final WordSpaces spaces;
  private final int seed;
  private final int[] anchors;
  private final int[] others;

  AnchorDraw(WordSpaces spaces, int seed) {
    this.spaces = spaces;
    this.seed = seed;
    List<Integer> rows =
        IntStream.range(0, spaces.words().size()).boxed().collect(Collectors.toList());
    Collections.shuffle(rows, new Random(seed));
    this.anchors = ints(rows.subList(0, Words.ANCHORS));
    this.others = ints(rows.subList(Words.ANCHORS, rows.size()));
  }

  private static int[] ints(List<Integer> rows) {
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A space, and which of its rows are anchors. */
  private record Space(String name, NDArray all, NDArray anchors) {}

  /** All numbers, in both directions. */
  List<Result> results(NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      Space fastText = space(FAST_TEXT, spaces.fastText(), scratch);
      Space word2Vec = space(WORD_2_VEC, spaces.word2Vec(), scratch);
      List<Result> results = new ArrayList<>(direction(fastText, word2Vec));
      results.addAll(direction(word2Vec, fastText));
      return results;
    }
  }

  private Space space(String name, WordSpaces.Space space, NDManager scratch) {
    NDArray all = scratch.create(space.vectors());
    return new Space(name, all, rows(all, anchors));
  }

  private static NDArray rows(NDArray all, int[] rows) {
    return all.get(new NDIndex("{}", all.getManager().create(rows)));
  }

  private List<Result> direction(Space source, Space target) {
    List<Result> results = new ArrayList<>(crowding(source));
    for (Representation representation : Representation.values()) {
      add(
          results,
          representation.title(),
          new Pair(source, view(source, representation)),
          new Pair(target, view(target, representation)));
    }
    for (Alignment alignment : Alignment.values()) {
      NDArray translated = alignment.fit(source.anchors(), target.anchors()).of(source.all());
      add(results, alignment.title(), new Pair(source, translated), new Pair(target, target.all()));
    }
    return results;
  }

  /** How much words of one space point in the same direction, before and after centring. */
  private List<Result> crowding(Space space) {
    Member member = new Member(space.name(), seed);
    NDArray words = rows(space.all(), others);
    NDArray centred = words.sub(space.anchors().mean(new int[] {0}, true));
    return List.of(
        new Result(
            Representation.ABSOLUTE.title(),
            member,
            member,
            Retrieval.OTHER_COSINE,
            MeanCosine.ofDifferent(words, words)),
        new Result(
            CENTRED,
            member,
            member,
            Retrieval.OTHER_COSINE,
            MeanCosine.ofDifferent(centred, centred)));
  }

  /** A space, and what is compared of it. */
  private record Pair(Space space, NDArray view) {}

  /** As the paper compares it: unlike behind a head, cosines are left as they are. */
  private static NDArray view(Space space, Representation representation) {
    if (representation == Representation.ABSOLUTE) {
      return space.all();
    }
    NDManager manager = space.all().getManager();
    return RelativeProjection.builder()
        .frozen(space.anchors())
        .centred(representation == Representation.CENTRED)
        .build(manager)
        .forward(new ParameterStore(manager, false), new NDList(space.all()), false)
        .singletonOrThrow();
  }

  private void add(List<Result> results, String title, Pair source, Pair target) {
    Member encoder = new Member(source.space().name(), seed);
    Member head = new Member(target.space().name(), seed);
    Retrieval held = Retrieval.of(rows(source.view(), others), rows(target.view(), others));
    for (Retrieval.Named named : held.named()) {
      results.add(new Result(title, encoder, head, named.measure(), named.value()));
    }
    for (Retrieval.Named named : Retrieval.of(source.view(), target.view()).named()) {
      String measure = named.measure() + AMONG_ALL;
      results.add(new Result(title, encoder, head, measure, named.value()));
    }
  }
}
