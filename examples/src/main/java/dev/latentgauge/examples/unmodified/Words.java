package dev.latentgauge.examples.unmodified;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.Vocabulary;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import dev.latentgauge.examples.data.Trec.Question;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Questions as rows of numbers, one a word, all rows of the same length.
 *
 * @param vocabulary the words that are known, one for all others, and one that fills up
 */
record Words(Vocabulary vocabulary) {

  /** One question: {@value #LENGTH} words, which is more than all but a few have. */
  static final Shape SHAPE = new Shape(1, Words.LENGTH);

  private static final int LENGTH = 32;
  private static final int LEAST_FREQUENCY = 2;
  private static final String PADDING = "<pad>";
  private static final String UNKNOWN = "<unk>";

  /** Knows the words that occur more than once in some questions. */
  static Words of(List<Question> questions) {
    DefaultVocabulary.Builder builder =
        DefaultVocabulary.builder()
            .optMinFrequency(LEAST_FREQUENCY)
            .optReservedTokens(List.of(PADDING))
            .optUnknownToken(UNKNOWN);
    questions.forEach(question -> builder.add(split(question)));
    return new Words(builder.build());
  }

  /** The number behind the last word of a short question. */
  long padding() {
    return vocabulary.getIndex(PADDING);
  }

  /**
   * Questions and their kinds for DJL.
   *
   * @param manager what the arrays are attached to
   * @param batch how many questions a batch has
   * @param shuffled whether they come in another order each time
   */
  ArrayDataset dataset(List<Question> questions, NDManager manager, int batch, boolean shuffled) {
    long[] numbers = questions.stream().flatMapToLong(q -> Arrays.stream(row(q))).toArray();
    NDArray rows = manager.create(numbers, new Shape(questions.size(), LENGTH));
    NDArray kinds = manager.create(questions.stream().mapToLong(Question::kind).toArray());
    return new ArrayDataset.Builder()
        .setData(rows)
        .optLabels(kinds)
        .setSampling(batch, shuffled)
        .build();
  }

  private long[] row(Question question) {
    long[] row = new long[LENGTH];
    Arrays.fill(row, padding());
    List<String> words = split(question);
    for (int i = 0; i < Math.min(LENGTH, words.size()); i++) {
      row[i] = vocabulary.getIndex(words.get(i));
    }
    return row;
  }

  private static List<String> split(Question question) {
    return List.of(question.text().toLowerCase(Locale.ROOT).strip().split("\\s+"));
  }
}
