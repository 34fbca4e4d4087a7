package dev.latentgauge.examples.study.task.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The words that a model knows, and their numbers.
 *
 * <p>Words are what blanks separate, in lower case. Number {@value #PADDING} fills up short
 * sentences, number {@value #UNKNOWN} stands for all words that are not known. Immutable.
 */
public final class Vocabulary {

  /** The number behind the last word of a sentence. */
  public static final int PADDING = 0;

  /** The number of all words that are not known. */
  public static final int UNKNOWN = 1;

  private final Map<String, Integer> numbers;

  private Vocabulary(Map<String, Integer> numbers) {
    this.numbers = numbers;
  }

  /**
   * Learns the words that occur more than once, so that there are examples of unknown words too.
   *
   * @param sentences what is learnt from
   * @return the vocabulary, in alphabetical order
   */
  public static Vocabulary of(List<String> sentences) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String sentence : sentences) {
      for (String word : words(sentence)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    Map<String, Integer> numbers = new HashMap<>();
    counts.forEach(
        (word, count) -> {
          if (count > 1) {
            numbers.put(word, UNKNOWN + 1 + numbers.size());
          }
        });
    return new Vocabulary(numbers);
  }

  /**
   * How many numbers there are.
   *
   * @return above the number of every word, {@value #PADDING} and {@value #UNKNOWN}
   */
  public int size() {
    return UNKNOWN + 1 + numbers.size();
  }

  /**
   * The words of a sentence as numbers.
   *
   * @param sentence of any length
   * @param length l, the number of words that are kept
   * @return l numbers
   */
  public long[] numbers(String sentence, int length) {
    long[] result = new long[length];
    Arrays.fill(result, PADDING);
    String[] words = words(sentence);
    for (int i = 0; i < Math.min(length, words.length); i++) {
      result[i] = numbers.getOrDefault(words[i], UNKNOWN);
    }
    return result;
  }

  private static String[] words(String sentence) {
    return sentence.toLowerCase(Locale.ROOT).strip().split("\\s+");
  }
}
