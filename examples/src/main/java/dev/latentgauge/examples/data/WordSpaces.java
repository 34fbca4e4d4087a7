package dev.latentgauge.examples.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The same words in two spaces: their vectors by fastText, from Wikipedia and news, and by
 * word2vec, from Google News.
 *
 * @param words n different words, the same in both spaces and in the same order; a character a byte
 * @param fastText the vectors of the one
 * @param word2Vec the vectors of the other
 * @see <a href="https://fasttext.cc/docs/en/english-vectors.html">Mikolov et al., Advances in
 *     Pre-Training Distributed Word Representations, 2018 (CC BY-SA 3.0)</a>
 * @see <a href="https://code.google.com/archive/p/word2vec/">Mikolov et al., Distributed
 *     Representations of Words and Phrases and their Compositionality, 2013 (no licence stated)</a>
 */
public record WordSpaces(List<String> words, Space fastText, Space word2Vec) {

  private static final String FAST_TEXT = "fasttext_wiki_news_300d.common.vec";
  private static final String WORD_2_VEC = "word2vec_googlenews_300d.common.vec";

  // Some 20,000 words, as many as the paper compares.
  private static final int LARGEST = 1 << 26;

  private static final int FEWEST_WORDS = 2;
  private static final int MOST_DIMENSIONS = 10_000;

  static final Dataset<WordSpaces> DATASET =
      new Dataset<>(
          "Words in two spaces",
          "Take words that wiki-news-300d-1M.vec (https://fasttext.cc/docs/en/english-vectors.html)"
              + " and GoogleNews-vectors-negative300 (https://code.google.com/archive/p/word2vec/)"
              + " have in common, and write them to "
              + FAST_TEXT
              + " and "
              + WORD_2_VEC
              + ", in the same order: first a line with the number of words and of dimensions, then"
              + " for each word a line with it and its numbers, separated by blanks. Give the folder"
              + " with: --data DIR",
          List.of(),
          List.of(
              List.of(DataFile.unknown(FAST_TEXT, LARGEST), DataFile.unknown(WORD_2_VEC, LARGEST))),
          WordSpaces::of);

  /**
   * A space of words.
   *
   * @param vectors n x d, a row a word, all finite and none zero; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Space(float[][] vectors) {}

  /**
   * Finds the data: in {@code ../shared/data/words}, else in {@code latentgauge/words} of the
   * user's cache folder ({@code XDG_CACHE_HOME}, or {@code ~/.cache}). Nobody offers these files
   * for download; the error says how to make them of what the publishers offer.
   *
   * @return all words
   * @throws DataException if it is in none of these places, or a file is damaged
   */
  public static WordSpaces find() throws DataException {
    return DataSearch.on("words", List.of(), Publisher.NOBODY).find(DATASET);
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has {@code fasttext_wiki_news_300d.common.vec} and {@code
   *     word2vec_googlenews_300d.common.vec}
   * @return all words
   * @throws DataException if a file is missing or damaged, or their words differ
   */
  public static WordSpaces load(Path folder) throws DataException {
    return DATASET.read(folder);
  }

  private static WordSpaces of(List<Content> files) throws DataException {
    List<Entry> fastText = entries(files.get(0));
    List<Entry> word2Vec = entries(files.get(1));
    if (fastText.size() != word2Vec.size()) {
      throw files.get(1).miscounted(fastText.size(), "words, as the other file", word2Vec.size());
    }
    for (int i = 0; i < fastText.size(); i++) {
      String word = fastText.get(i).word();
      if (!word2Vec.get(i).word().equals(word)) {
        throw word2Vec
            .get(i)
            .line()
            .wrong(
                "the word must be '%s', as in the other file".formatted(word),
                word2Vec.get(i).word());
      }
    }
    return new WordSpaces(
        fastText.stream().map(Entry::word).toList(), space(fastText), space(word2Vec));
  }

  private static Space space(List<Entry> entries) {
    return new Space(entries.stream().map(Entry::vector).toArray(float[][]::new));
  }

  private static List<Entry> entries(Content file) throws DataException {
    List<Entry> entries = new ArrayList<>();
    Set<String> words = new HashSet<>();
    Header header = new Header(0, 0);
    for (Line line : file.lines()) {
      if (line.number() == 1) {
        header = Header.of(line);
        continue;
      }
      Entry entry = Entry.of(line, header.dimensions());
      if (!words.add(entry.word())) {
        throw line.wrong("every word must have one line", entry.word());
      }
      entries.add(entry);
    }
    if (header.words() == 0 || entries.size() != header.words()) {
      throw file.miscounted(
          Math.max(FEWEST_WORDS, header.words()), "words, as its first line says", entries.size());
    }
    return entries;
  }

  /** The first line of a file. */
  private record Header(int words, int dimensions) {

    static Header of(Line line) throws DataException {
      String[] fields = line.text().strip().split(" ", -1);
      int words = fields.length == 2 ? whole(fields[0]) : 0;
      int dimensions = fields.length == 2 ? whole(fields[1]) : 0;
      if (words < FEWEST_WORDS || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw line.wrong(
            "the first line must be the number of words, at least %d, and of dimensions, at most %,d"
                .formatted(FEWEST_WORDS, MOST_DIMENSIONS),
            line.text());
      }
      return new Header(words, dimensions);
    }

    private static int whole(String field) {
      return field.matches("[0-9]{1,9}") ? Integer.parseInt(field) : 0;
    }
  }

  /** A word and its vector, and where they stand. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(Line line, String word, float[] vector) {

    static Entry of(Line line, int dimensions) throws DataException {
      // The publishers' own programs end a line with a blank.
      Line text = new Line(line.origin(), line.number(), line.text().stripTrailing());
      List<String> fields = text.fields(' ', dimensions + 1);
      if (fields.get(0).isBlank()) {
        throw line.wrong("a line must begin with a word", line.text());
      }
      float[] vector = new float[dimensions];
      boolean isZero = true;
      for (int i = 0; i < dimensions; i++) {
        vector[i] = number(line, fields.get(i + 1));
        isZero &= vector[i] == 0;
      }
      if (isZero) {
        throw line.wrong("a vector must have a direction", "only zeros for " + fields.get(0));
      }
      return new Entry(line, fields.get(0), vector);
    }

    private static float number(Line line, String field) throws DataException {
      try {
        float number = Float.parseFloat(field);
        if (Float.isFinite(number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, as for a number that is not finite.
      }
      throw line.wrong("a vector must be of finite numbers", field);
    }
  }
}
