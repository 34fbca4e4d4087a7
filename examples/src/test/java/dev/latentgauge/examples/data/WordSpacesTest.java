package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordSpacesTest {

  private static final List<String> FAST_TEXT = List.of("3 2", "the 0.5 -1", "a 1e-3 0", "of 2 3");
  private static final List<String> WORD_2_VEC =
      List.of("3 4", "the 1 2 3 4", "a 5 6 7 8 ", "of -1 0 0 0 ");

  @TempDir private Path folder = Path.of("");
  private Path fastText = Path.of("");
  private Path word2Vec = Path.of("");

  @BeforeEach
  void write() throws IOException {
    fastText = folder.resolve("fasttext_wiki_news_300d.common.vec");
    word2Vec = folder.resolve("word2vec_googlenews_300d.common.vec");
    Files.write(fastText, FAST_TEXT);
    Files.write(word2Vec, WORD_2_VEC);
  }

  @Test
  void wordsHaveTheirVectorsInBothSpacesWhichMayDifferInDimensions() throws DataException {
    WordSpaces spaces = WordSpaces.load(folder);

    assertThat(spaces.words()).containsExactly("the", "a", "of");
    assertThat(spaces.fastText().vectors())
        .isDeepEqualTo(new float[][] {{0.5F, -1}, {0.001F, 0}, {2, 3}});
    assertThat(spaces.word2Vec().vectors())
        .isDeepEqualTo(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}, {-1, 0, 0, 0}});
  }

  @Test
  void theRealDataAreFrequentWordsInTwoSpacesOf300Dimensions() throws DataException {
    WordSpaces spaces = WordSpaces.find();

    assertThat(spaces.words()).hasSize(451).startsWith("the", "and", "of").endsWith("lives");
    assertThat(spaces.fastText().vectors()[0]).hasSize(300).startsWith(0.0897F, 0.0160F, -0.0571F);
    assertThat(spaces.word2Vec().vectors()[0]).hasSize(300).startsWith(-0.082835F, 0.133846F);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "3 2 1", "three 2", "1 2", "3 0", "-3 2", "3 10001", "the 1 2"})
  void theFirstLineMustSayHowMuchThereIs(String header) throws IOException {
    Files.write(fastText, List.of(header, "the 1 2", "a 3 4", "of 5 6"));

    assertRefused(
        fastText
            + ", line 1: the first line must be the number of words, at least 2, and of dimensions,"
            + " at most 10,000, but here is '"
            + header
            + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "a 1, a line must have 3 fields",
    "a 1 2 3, a line must have 3 fields",
    "a, a line must have 3 fields",
    "a  1, a vector must be of finite numbers",
    "' 1 2', a line must begin with a word",
    "a 1 two, a vector must be of finite numbers",
    "a 1 NaN, a vector must be of finite numbers",
    "a 1 1e99, a vector must be of finite numbers",
    "a 0 0, a vector must have a direction",
    "the 1 2, every word must have one line"
  })
  void aWrongLineIsNamedWithWhatIsAllowed(String line, String rule) throws IOException {
    Files.write(fastText, List.of("3 2", "the 1 2", line, "of 1 2"));

    assertRefused(fastText + ", line 3: " + rule + ", but here is '");
  }

  @Test
  void aFileMustHaveAsManyWordsAsItSays() throws IOException {
    Files.write(fastText, List.of("4 2", "the 1 2", "a 1 2", "of 1 2"));
    assertRefused(fastText + " must have 4 words, as its first line says, but has 3");

    Files.write(fastText, List.of());
    assertRefused(fastText + " must have 2 words, as its first line says, but has 0");
  }

  @Test
  void bothFilesMustHaveTheSameWordsInTheSameOrder() throws IOException {
    Files.write(word2Vec, List.of("3 1", "the 1", "of 1", "a 1"));
    assertRefused(
        word2Vec + ", line 3: the word must be 'a', as in the other file, but here is 'of'");

    Files.write(word2Vec, List.of("2 1", "the 1", "a 1"));
    assertRefused(word2Vec + " must have 3 words, as the other file, but has 2");
  }

  @Test
  void aFolderWithoutAFileIsNamed() throws IOException {
    Files.delete(word2Vec);

    assertRefused("needs word2vec_googlenews_300d.common.vec in " + folder);
  }

  @Test
  void whereThereIsNoSuchFileTheErrorSaysHowToMakeOne() {
    DataSearch search =
        new DataSearch(List.of(folder.resolve("none")), folder.resolve("cache"), Publisher.NOBODY);

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> search.find(WordSpaces.DATASET))
        .withMessageStartingWith("Words in two spaces is in none of " + folder.resolve("none"))
        .withMessageContaining("nobody offers its files for download. Take words that")
        .withMessageContaining("https://fasttext.cc/docs/en/english-vectors.html")
        .withMessageContaining("number of words and of dimensions")
        .withMessageEndingWith("--data DIR");
  }

  @Test
  void theUsersCacheFolderMayHaveTheFiles() throws DataException {
    DataSearch search = new DataSearch(List.of(), folder, Publisher.NOBODY);

    assertThat(search.find(WordSpaces.DATASET).words()).hasSize(3);
  }

  private void assertRefused(String reason) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> WordSpaces.load(folder))
        .withMessageContaining(reason)
        .withMessageEndingWith("--data DIR");
  }
}
