package dev.latentgauge.examples.study.task;

import dev.latentgauge.examples.data.Cora;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Papers that are easy: most words and most citations of a paper belong to its topic. */
public final class MadeUpPapers {

  /** How many papers there are. */
  public static final int COUNT = 1300;

  static final int TESTED = 300;

  private static final int WORDS_OF_A_TOPIC = Cora.WORDS / Cora.TOPICS;

  private MadeUpPapers() {}

  /**
   * All papers, always the same.
   *
   * @return as many as {@link #COUNT}
   */
  public static Cora cora() {
    Random random = new Random(1);
    List<List<Integer>> words = new ArrayList<>();
    List<Integer> topics = new ArrayList<>();
    List<Cora.Citation> citations = new ArrayList<>();
    List<Cora.Part> parts = new ArrayList<>();
    for (int paper = 0; paper < COUNT; paper++) {
      int topic = paper % Cora.TOPICS;
      topics.add(topic);
      words.add(words(topic, random));
      parts.add(part(paper));
      if (paper >= Cora.TOPICS) {
        citations.add(new Cora.Citation(paper - Cora.TOPICS, paper));
        citations.add(new Cora.Citation(paper - 1 - random.nextInt(6), paper));
      }
    }
    return new Cora(words, topics, citations, parts);
  }

  private static List<Integer> words(int topic, Random random) {
    TreeSet<Integer> words = new TreeSet<>();
    for (int i = 0; i < 9; i++) {
      words.add(WORDS_OF_A_TOPIC * topic + random.nextInt(WORDS_OF_A_TOPIC));
    }
    for (int i = 0; i < 3; i++) {
      words.add(random.nextInt(Cora.WORDS));
    }
    return List.copyOf(words);
  }

  private static Cora.Part part(int paper) {
    if (paper < 140) {
      return Cora.Part.TRAIN;
    }
    if (paper < 140 + TESTED) {
      return Cora.Part.TEST;
    }
    return paper < 600 ? Cora.Part.VALIDATION : Cora.Part.NONE;
  }
}
