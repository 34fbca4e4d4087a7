package dev.latentgauge.examples.study.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingCacheTest {

  private static final List<String> SENTENCES = List.of("Who was Pilate ?", "Where is Etna ?");

  @TempDir private Path folder;
  private EmbeddingCache cache;

  @BeforeEach
  void useAFolderThatIsMadeWhenNeeded() {
    cache = new EmbeddingCache(folder.resolve("made").resolve("later"));
  }

  @Test
  void embeddingsAreReadFromTheFileOnceThereIsOne() throws IOException {
    float[][] known = new float[SENTENCES.size()][SentenceEncoder.DIMENSIONS];
    known[0][3] = 1;
    known[1][SentenceEncoder.DIMENSIONS - 1] = -0.5f;
    cache.write(file(SENTENCES), known);
    assertThat(embeddings()).isDeepEqualTo(known);
  }

  @Test
  void whatIsReadIsWhatWasMade() throws IOException {
    float[][] made = SentenceEncoder.MINILM.embed(SENTENCES);
    assertThat(embeddings()).isDeepEqualTo(made);
    assertThat(embeddings()).isDeepEqualTo(made);
    try (Stream<Path> files = Files.list(file(SENTENCES).getParent())) {
      assertThat(files).containsExactly(file(SENTENCES));
    }
  }

  @Test
  void aDamagedFileIsMadeAnew() throws IOException {
    float[][] made = embeddings();
    byte[] good = Files.readAllBytes(file(SENTENCES));
    byte[] flipped = good.clone();
    flipped[100] ^= 1;
    for (byte[] damaged :
        List.of(
            flipped,
            new byte[0],
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 4))) {
      Files.write(file(SENTENCES), damaged);
      assertThat(embeddings()).isDeepEqualTo(made);
      assertThat(Files.readAllBytes(file(SENTENCES))).isEqualTo(good);
    }
  }

  @Test
  void otherSentencesOrAnotherEncoderHaveAnotherFile() throws IOException {
    List<String> reversed = List.of(SENTENCES.get(1), SENTENCES.get(0));
    List<String> joined = List.of(String.join("", SENTENCES));
    assertThat(
            List.of(
                file(SENTENCES),
                file(reversed),
                file(joined),
                cache.file(SentenceEncoder.E5, SENTENCES)))
        .doesNotHaveDuplicates();
  }

  private Path file(List<String> sentences) throws IOException {
    return cache.file(SentenceEncoder.MINILM, sentences);
  }

  private float[][] embeddings() throws IOException {
    return cache.embeddings(SentenceEncoder.MINILM, SENTENCES);
  }
}
