package dev.latentgauge.examples.stitching.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WordsTest {

  private static final int WORDS = 330;
  private static final int DIMENSIONS = 12;

  @Test
  void aSmokeRunEndsWithATableAFigureAndAReport(@TempDir Path folder) throws IOException {
    writeSpace(folder.resolve("fasttext_wiki_news_300d.common.vec"), 1);
    writeSpace(folder.resolve("word2vec_googlenews_300d.common.vec"), 2);
    int exit =
        new CommandLine(new Words())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(
                "--scale", "smoke", "--data", folder.toString(), "--output", folder.toString());

    assertThat(exit).isZero();
    assertThat(folder.resolve("words.svg")).content().startsWith("<?xml");
    assertThat(folder.resolve("words.md"))
        .content()
        .contains("## fastText → word2vec", "| relative, centred |", "numbers mean nothing");
    // Two draws, of two directions, of five variants with eight numbers; and two numbers a space.
    assertThat(folder.resolve("words.csv")).content().hasLineCount(1 + 2 * 2 * (5 * 8 + 2));
  }

  /** Made up, as nobody publishes words that two spaces have in common. */
  private static void writeSpace(Path file, int seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder(WORDS + " " + DIMENSIONS + "\n");
    for (int word = 0; word < WORDS; word++) {
      lines.append("word").append(word);
      for (int d = 0; d < DIMENSIONS; d++) {
        lines.append(' ').append((float) random.nextGaussian());
      }
      lines.append('\n');
    }
    Files.writeString(file, lines);
  }
}
