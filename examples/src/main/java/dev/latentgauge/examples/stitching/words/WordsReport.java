package dev.latentgauge.examples.stitching.words;

import dev.latentgauge.examples.chart.Interval;
import dev.latentgauge.examples.chart.IntervalChart;
import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The table and the figure.
 *
 * @param results of all draws of anchors
 * @param words how many there are
 */
record WordsReport(Results results, int words) {

  private static final String FAST_TEXT = AnchorDraw.FAST_TEXT;
  private static final String WORD_2_VEC = AnchorDraw.WORD_2_VEC;
  private static final String RELATIVE = Representation.RELATIVE.title();
  private static final String CENTRED = Representation.CENTRED.title();

  private static final List<String> TITLES = Representation.titlesWithTranslations();

  /** From one space to the other. */
  private record Direction(String source, String target) {

    static final List<Direction> BOTH =
        List.of(new Direction(FAST_TEXT, WORD_2_VEC), new Direction(WORD_2_VEC, FAST_TEXT));

    String title() {
      return source + " → " + target;
    }

    /** What the paper has: Jaccard index, reciprocal rank, cosine. */
    List<String> paper(String title) {
      if (title.equals(Representation.ABSOLUTE.title())) {
        return List.of("0.00", "0.00", "0.01");
      }
      if (!title.equals(RELATIVE)) {
        return List.of("", "", "");
      }
      return source.equals(FAST_TEXT)
          ? List.of("0.34", "0.94", "0.86")
          : List.of("0.39", "0.98", "0.86");
    }
  }

  private Estimate estimate(Direction direction, String title, String measure) {
    return results
        .between(direction.source(), direction.target())
        .where(result -> result.representation().equals(title) && result.measure().equals(measure))
        .bySeed()
        .mean();
  }

  private String number(Direction direction, String title, String measure) {
    return Numbers.withReach(estimate(direction, title, measure), 1);
  }

  IntervalChart chart() {
    IntervalChart.Builder chart =
        IntervalChart.titled("Words find themselves and their neighbours in another model's space")
            .subtitle(
                "%d anchors, %d other words. Chance: Jaccard index %.3f, reciprocal rank %.3f."
                        .formatted(
                            Words.ANCHORS,
                            others(),
                            Retrieval.chanceJaccard(others()),
                            Retrieval.chanceReciprocalRank(others()))
                    + " Intervals over draws of the anchors.")
            .axis("mean over words", 0, 1)
            .group("", TITLES)
            .emphasise(CENTRED);
    for (Direction direction : Direction.BOTH) {
      chart.panel(panel(direction, Retrieval.RECIPROCAL_RANK));
      chart.panel(panel(direction, Retrieval.JACCARD));
    }
    return chart.build();
  }

  private IntervalChart.Panel panel(Direction direction, String measure) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (String title : TITLES) {
      intervals.put(title, estimate(direction, title, measure).interval(1));
    }
    return new IntervalChart.Panel(measure, direction.title(), intervals, OptionalDouble.empty());
  }

  private int others() {
    return words - Words.ANCHORS;
  }

  Markdown document(String provenance) {
    Markdown document =
        new Markdown()
            .heading(1, "Words in two spaces")
            .paragraph(task())
            .paragraph(measures())
            .picture("words.svg", "Reciprocal ranks and Jaccard indices in both directions");
    for (Direction direction : Direction.BOTH) {
      document.heading(2, direction.title());
      document.table(
          List.of(
              "what is compared",
              "Jaccard",
              "paper",
              "reciprocal rank",
              "paper",
              "cosine, same word",
              "paper",
              "cosine, different words"),
          TITLES.stream().map(title -> row(direction, title)).toList());
    }
    return document
        .heading(2, "Where all words are looked for")
        .paragraph(
            "The paper draws its anchors among the words that are looked for. The same here, anchors"
                + " among all %,d words; chance is %.3f and %.3f. The translations have seen most of"
                    .formatted(
                        words,
                        Retrieval.chanceJaccard(words),
                        Retrieval.chanceReciprocalRank(words))
                + " the answers, which flatters them.")
        .table(allHeader(), TITLES.stream().map(this::allRow).toList())
        .heading(2, "What this shows")
        .paragraph(findings())
        .heading(2, "What differs from the paper")
        .paragraph(differences())
        .paragraph(provenance);
  }

  private List<String> row(Direction direction, String title) {
    List<String> paper = direction.paper(title);
    return List.of(
        title,
        number(direction, title, Retrieval.JACCARD),
        paper.get(0),
        number(direction, title, Retrieval.RECIPROCAL_RANK),
        paper.get(1),
        number(direction, title, Retrieval.COSINE),
        paper.get(2),
        number(direction, title, Retrieval.OTHER_COSINE));
  }

  private static List<String> allHeader() {
    List<String> header = new ArrayList<>(List.of("what is compared"));
    for (Direction direction : Direction.BOTH) {
      header.add(direction.title() + ": Jaccard");
      header.add("reciprocal rank");
    }
    return header;
  }

  private List<String> allRow(String title) {
    List<String> row = new ArrayList<>(List.of(title));
    for (Direction direction : Direction.BOTH) {
      row.add(number(direction, title, Retrieval.JACCARD + AnchorDraw.AMONG_ALL));
      row.add(number(direction, title, Retrieval.RECIPROCAL_RANK + AnchorDraw.AMONG_ALL));
    }
    return row;
  }

  private String task() {
    return """
        Two models have embedded the same %,d words in 300 dimensions: fastText, trained on Wikipedia \
        and news, and word2vec, trained on Google News. Does a word, as the one has it, find itself \
        and its neighbours among the words as the other has them? %d of the words, drawn at random by \
        the seed, are parallel anchors; the other %d look for themselves among each other, by cosine. \
        Absolute: the vectors as they are. Relative: their cosines to the anchors, of each model to \
        its own. Centred: the same, with the mean of the anchors' vectors taken off first. \
        Translated: by a map that was fitted on the anchors, a rotation with scale and shift, or \
        least squares with a ridge (the one of .01, .1, 1 and 10 that, fitted on four fifths of the \
        anchors, does best on the others)."""
        .formatted(words, Words.ANCHORS, others());
  }

  private String measures() {
    return """
        Jaccard: how far the %d words nearest to a word's place in the source space are the %d \
        nearest to its own place in the target space, the size of the intersection over that of the \
        union. Reciprocal rank: one over the word's own place among all, from the nearest. Means over \
        words; with ±, 95 %% intervals over draws of the anchors. Chance is %.3f for the Jaccard \
        index and %.3f for the reciprocal rank; for the cosine it is the last column, what a word has \
        with others."""
        .formatted(
            Retrieval.NEAREST,
            Retrieval.NEAREST,
            Retrieval.chanceJaccard(others()),
            Retrieval.chanceReciprocalRank(others()));
  }

  private String findings() {
    Direction there = Direction.BOTH.get(0);
    Direction back = Direction.BOTH.get(1);
    return """
        Absolute vectors of two models have nothing in common: reciprocal ranks of %s and %s, at \
        chance. Relative ones find themselves at %s from fastText to word2vec, and at %s the other \
        way; centred, at %s and %s.

        Raw cosines fail in one direction. Two different words have a cosine of %s in fastText, and \
        %s in word2vec: fastText's vectors of these words share a direction, which says nothing of the \
        word and is in all of its cosines. A high cosine of a word to itself says little then: \
        different words have nearly as much. Taking off the mean brings the cosine of different words \
        to %s and %s, and with it goes the failure. Why only this direction fails we have not found \
        out. The paper does not have it; that may be because it leaves out the most frequent words, \
        which are the ones that we have."""
        .formatted(
            number(there, Representation.ABSOLUTE.title(), Retrieval.RECIPROCAL_RANK),
            number(back, Representation.ABSOLUTE.title(), Retrieval.RECIPROCAL_RANK),
            number(there, RELATIVE, Retrieval.RECIPROCAL_RANK),
            number(back, RELATIVE, Retrieval.RECIPROCAL_RANK),
            number(there, CENTRED, Retrieval.RECIPROCAL_RANK),
            number(back, CENTRED, Retrieval.RECIPROCAL_RANK),
            crowding(FAST_TEXT, Representation.ABSOLUTE.title()),
            crowding(WORD_2_VEC, Representation.ABSOLUTE.title()),
            crowding(FAST_TEXT, AnchorDraw.CENTRED),
            crowding(WORD_2_VEC, AnchorDraw.CENTRED));
  }

  private String crowding(String space, String title) {
    return number(new Direction(space, space), title, Retrieval.OTHER_COSINE);
  }

  private String differences() {
    return """
        Words: the authors' notebook takes 20,000, of four letters and more, and leaves out the 400 \
        most frequent ones; here are only the %,d most frequent that both files had. To find a word \
        among %d is far easier than among 20,000. Draws of 300 anchors at random, cosines without \
        any normalisation, and the neighbours that are \
        compared (of the target space, the word itself included) are as in the notebook; there the \
        anchors are among the words that are looked for, and a word that is not among the nearest \
        counts as a reciprocal rank of 0. The notebook looks at five nearest words where it does not \
        say otherwise; here it is ten. The paper's numbers are given from memory: we could not look \
        its table up."""
        .formatted(words, others());
  }
}
