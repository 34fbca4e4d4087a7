package dev.latentgauge.examples.study.task;

import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.data.Trec.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which questions are for what. No text is in two parts, and none twice in the first two.
 *
 * @param train what runs are trained on, in random order
 * @param pool what is embedded, in random order
 * @param test what accuracy is measured on, in its own order
 */
public record TrecSplit(List<Question> train, List<Question> pool, List<Question> test) {

  private static final long SEED = 0;

  /**
   * Draws a pool from the training questions.
   *
   * @param data all questions
   * @param pool the size of the pool
   * @return the split, the same each time
   * @throws IllegalArgumentException if nothing would be left to train on
   */
  public static TrecSplit of(Trec data, int pool) {
    Map<String, Question> distinct = new LinkedHashMap<>();
    data.train().forEach(question -> distinct.putIfAbsent(question.text(), question));
    data.test().forEach(question -> distinct.remove(question.text()));
    if (distinct.size() <= pool) {
      throw new IllegalArgumentException(
          "there must be more than %,d different training questions, but there are %,d"
              .formatted(pool, distinct.size()));
    }
    List<Question> questions = List.copyOf(distinct.values());
    List<Question> shuffled =
        IntStream.of(Draw.permutation(questions.size(), new Random(SEED)))
            .mapToObj(questions::get)
            .toList();
    return new TrecSplit(
        shuffled.subList(pool, shuffled.size()), shuffled.subList(0, pool), data.test());
  }

  /** Keeps the parts. */
  public TrecSplit {
    train = List.copyOf(train);
    pool = List.copyOf(pool);
    test = List.copyOf(test);
  }

  /**
   * All questions, in the order of the parts.
   *
   * @return those to train on, the pool, and those to test on
   */
  public List<Question> all() {
    List<Question> all = new ArrayList<>(train);
    all.addAll(pool);
    all.addAll(test);
    return all;
  }

  /**
   * What is asked.
   *
   * @param questions of any part
   * @return a text a question
   */
  public static List<String> texts(List<Question> questions) {
    return questions.stream().map(Question::text).toList();
  }

  /**
   * The kinds of the answers.
   *
   * @param questions of any part
   * @return an index into {@link Trec#KINDS} a question
   */
  public static long[] kinds(List<Question> questions) {
    return questions.stream().mapToLong(Question::kind).toArray();
  }
}
