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
record TrecSplit(List<Question> train, List<Question> pool, List<Question> test) {

  private static final long SEED = 0;

  /**
   * Draws a pool from the training questions.
   *
   * @param pool the size of the pool
   * @throws IllegalArgumentException if nothing would be left to train on
   */
  static TrecSplit of(Trec data, int pool) {
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

  /** All questions, in the order of the parts. */
  List<Question> all() {
    List<Question> all = new ArrayList<>(train);
    all.addAll(pool);
    all.addAll(test);
    return all;
  }

  static List<String> texts(List<Question> questions) {
    return questions.stream().map(Question::text).toList();
  }

  static long[] kinds(List<Question> questions) {
    return questions.stream().mapToLong(Question::kind).toArray();
  }
}
