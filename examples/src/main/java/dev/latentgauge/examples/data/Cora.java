package dev.latentgauge.examples.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Cora: 2,708 papers on machine learning, the words that they have, the papers that they cite, and
 * which of seven topics they are about.
 *
 * @param words the papers' words: for each paper the numbers of those that it has, ascending, in
 *     [0, 1433)
 * @param topics the papers' topics, in [0, 7)
 * @param citations pairs of different papers, each pair once, the lower number first
 * @param parts the part of the Planetoid split that each paper is in
 */
public record Cora(
    List<List<Integer>> words, List<Integer> topics, List<Citation> citations, List<Part> parts) {

  /** The number of different words. */
  public static final int WORDS = 1433;

  /** The number of topics. */
  public static final int TOPICS = 7;

  /**
   * That one of two papers cites the other.
   *
   * @param from the lower number
   * @param to the higher number
   */
  public record Citation(int from, int to) {}

  /** The parts of the split that Yang et al. 2016 published. */
  public enum Part {
    /** 20 papers of each topic. */
    TRAIN,
    /** 500 papers. */
    VALIDATION,
    /** 1,000 papers. */
    TEST,
    /** The others. */
    NONE
  }

  /**
   * Finds the data.
   *
   * @return 2,708 papers
   * @throws DataException if it is not to be had
   */
  public static Cora find() throws DataException {
    return load(Path.of("../shared/data/cora"));
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has the files under the names that their publisher gave them
   * @return 2,708 papers
   * @throws DataException if a file is missing or damaged
   */
  public static Cora load(Path folder) throws DataException {
    try {
      Map<String, Integer> numbers = new HashMap<>();
      TreeSet<String> classes = new TreeSet<>();
      List<String> topicNames = new ArrayList<>();
      List<List<Integer>> words = new ArrayList<>();
      for (String line : lines(folder, "cora.content")) {
        String[] fields = line.split("\t", -1);
        numbers.put(fields[0], words.size());
        List<Integer> present = new ArrayList<>();
        for (int word = 0; word < WORDS; word++) {
          if ("1".equals(fields[word + 1])) {
            present.add(word);
          }
        }
        words.add(List.copyOf(present));
        topicNames.add(fields[WORDS + 1]);
        classes.add(fields[WORDS + 1]);
      }
      List<String> sorted = List.copyOf(classes);
      List<Citation> citations = new ArrayList<>();
      for (String line : lines(folder, "cora.cites")) {
        String[] fields = line.split("\t", -1);
        int a = numbers.getOrDefault(fields[0], -1);
        int b = numbers.getOrDefault(fields[1], -1);
        citations.add(new Citation(Math.min(a, b), Math.max(a, b)));
      }
      List<Part> parts = new ArrayList<>();
      for (String line : lines(folder, "cora.split")) {
        parts.add(
            switch (line.split("\t", 2)[1]) {
              case "train" -> Part.TRAIN;
              case "val" -> Part.VALIDATION;
              case "test" -> Part.TEST;
              default -> Part.NONE;
            });
      }
      return new Cora(
          List.copyOf(words),
          topicNames.stream().map(sorted::indexOf).toList(),
          citations.stream().distinct().toList(),
          List.copyOf(parts));
    } catch (IOException e) {
      throw new DataException("Cora cannot be read: " + e, e);
    }
  }

  private static List<String> lines(Path folder, String name) throws IOException {
    return Files.readAllLines(folder.resolve(name), StandardCharsets.UTF_8);
  }
}
