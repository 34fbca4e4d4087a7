package dev.latentgauge.examples.data;

import dev.latentgauge.examples.data.Cora.Citation;
import dev.latentgauge.examples.data.Cora.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Reads the files of Cora, and refuses whatever is not Cora.
 *
 * <p>Papers may have any identifiers, and lines any order. What is checked: 2,708 papers, each with
 * 1,433 words that are there or not and one of seven topics; 5,278 pairs of them that cite one
 * another; and a split with parts of the right sizes, if there is one.
 */
final class CoraFiles {

  private static final int PAPERS = 2_708;
  private static final int CITATIONS = 5_278;

  private static final List<String> TOPICS =
      List.of(
          "Case_Based",
          "Genetic_Algorithms",
          "Neural_Networks",
          "Probabilistic_Methods",
          "Reinforcement_Learning",
          "Rule_Learning",
          "Theory");

  private static final Map<String, Part> PARTS =
      Map.of("train", Part.TRAIN, "val", Part.VALIDATION, "test", Part.TEST, "none", Part.NONE);

  private static final int TRAIN_A_TOPIC = 20;
  private static final int VALIDATION = 500;
  private static final int TEST = 1_000;

  private static final long SEED = 2016;

  private CoraFiles() {}

  /**
   * Reads Cora.
   *
   * @param files {@code cora.content}, {@code cora.cites}, and {@code cora.split} if there is one
   * @throws DataException if they are not Cora
   */
  static Cora read(List<Content> files) throws DataException {
    Map<String, Integer> rows = new LinkedHashMap<>();
    List<List<Integer>> words = new ArrayList<>();
    List<Integer> topics = new ArrayList<>();
    Content papers = files.get(0);
    for (Line line : papers.lines()) {
      List<String> fields = line.fields('\t', Cora.WORDS + 2);
      if (rows.putIfAbsent(fields.get(0), rows.size()) != null) {
        throw line.wrong("every paper must have one line", fields.get(0));
      }
      words.add(words(line, fields.subList(1, Cora.WORDS + 1)));
      topics.add(topic(line, fields.get(Cora.WORDS + 1)));
    }
    if (rows.size() != PAPERS) {
      throw papers.miscounted(PAPERS, "papers", rows.size());
    }
    return new Cora(
        List.copyOf(words),
        List.copyOf(topics),
        citations(files.get(1), rows),
        files.size() > 2 ? parts(files.get(2), rows) : draw(rows, topics));
  }

  private static List<Integer> words(Line line, List<String> fields) throws DataException {
    List<Integer> words = new ArrayList<>();
    for (int word = 0; word < Cora.WORDS; word++) {
      switch (fields.get(word)) {
        case "0" -> {}
        case "1" -> words.add(word);
        default ->
            throw line.wrong("word %,d must be 0 or 1".formatted(word + 1), fields.get(word));
      }
    }
    return List.copyOf(words);
  }

  private static int topic(Line line, String name) throws DataException {
    int topic = TOPICS.indexOf(name);
    if (topic < 0) {
      throw line.wrong("the topic must be one of " + String.join(", ", TOPICS), name);
    }
    return topic;
  }

  private static List<Citation> citations(Content file, Map<String, Integer> rows)
      throws DataException {
    Set<Citation> citations = new LinkedHashSet<>();
    for (Line line : file.lines()) {
      List<String> papers = line.fields('\t', 2);
      int cited = row(line, papers.get(0), rows);
      int citing = row(line, papers.get(1), rows);
      if (cited != citing) {
        citations.add(new Citation(Math.min(cited, citing), Math.max(cited, citing)));
      }
    }
    if (citations.size() != CITATIONS) {
      throw file.miscounted(CITATIONS, "pairs of papers that cite one another", citations.size());
    }
    return List.copyOf(citations);
  }

  private static List<Part> parts(Content file, Map<String, Integer> rows) throws DataException {
    Map<Integer, Part> parts = new HashMap<>();
    for (Line line : file.lines()) {
      List<String> fields = line.fields('\t', 2);
      Part part = PARTS.get(fields.get(1));
      if (part == null) {
        throw line.wrong("the part must be train, val, test or none", fields.get(1));
      }
      if (parts.putIfAbsent(row(line, fields.get(0), rows), part) != null) {
        throw line.wrong("every paper must have one line", fields.get(0));
      }
    }
    if (parts.size() != PAPERS) {
      throw file.miscounted(PAPERS, "papers", parts.size());
    }
    requireSize(file, parts.values(), Part.TRAIN, TRAIN_A_TOPIC * Cora.TOPICS);
    requireSize(file, parts.values(), Part.VALIDATION, VALIDATION);
    requireSize(file, parts.values(), Part.TEST, TEST);
    return rows.values().stream().map(parts::get).toList();
  }

  private static void requireSize(Content file, Collection<Part> parts, Part part, int size)
      throws DataException {
    int actual = Collections.frequency(parts, part);
    if (actual != size) {
      throw file.miscounted(size, "papers for " + part, actual);
    }
  }

  /** Draws a split; the same for every order of the lines. */
  private static List<Part> draw(Map<String, Integer> rows, List<Integer> topics) {
    List<Map.Entry<String, Integer>> papers = new ArrayList<>(rows.entrySet());
    papers.sort(Map.Entry.comparingByKey());
    // Not SplittableRandom: the numbers of Random are specified, so that they never change.
    Collections.shuffle(papers, new Random(SEED));
    List<Part> parts = new ArrayList<>(Collections.nCopies(PAPERS, Part.NONE));
    int[] train = new int[Cora.TOPICS];
    int others = 0;
    for (Map.Entry<String, Integer> paper : papers) {
      int row = paper.getValue();
      int topic = topics.get(row);
      if (train[topic] < TRAIN_A_TOPIC) {
        train[topic]++;
        parts.set(row, Part.TRAIN);
      } else if (others < VALIDATION + TEST) {
        parts.set(row, others < VALIDATION ? Part.VALIDATION : Part.TEST);
        others++;
      }
    }
    return List.copyOf(parts);
  }

  private static int row(Line line, String paper, Map<String, Integer> rows) throws DataException {
    Integer row = rows.get(paper);
    if (row == null) {
      throw line.wrong("a paper must be in cora.content", paper);
    }
    return row;
  }
}
