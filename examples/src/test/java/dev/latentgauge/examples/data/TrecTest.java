package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.examples.data.Trec.Question;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the real data; the expected counts are those of Li and Roth. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrecTest {

  private Trec data;

  @BeforeAll
  void read() throws DataException {
    data = Trec.find();
  }

  @Test
  void hasEveryKindOfQuestionAsOftenAsPublished() {
    assertThat(counts(data.train())).containsExactly(86, 1_162, 1_250, 1_223, 835, 896);
    assertThat(counts(data.test())).containsExactly(9, 138, 94, 65, 81, 113);
  }

  @Test
  void questionsAreInTheOrderOfTheFilesWithoutTheirKinds() {
    assertThat(data.train().get(0))
        .isEqualTo(new Question("How did serfdom develop in and then leave Russia ?", 1));
    assertThat(data.test().get(0))
        .isEqualTo(new Question("How far is it from Denver to Aspen ?", 5));
    assertThat(data.train().get(5_451))
        .isEqualTo(new Question("What currency is used in Australia ?", 2));
  }

  @Test
  void theOneByteThatIsNotAsciiIsOfLatin1() {
    assertThat(data.train().get(65).text()).contains("sister\u00F0city");
  }

  @Test
  void aFolderWithoutTheFilesIsNamedWithTheWayToGetThem(@TempDir Path folder) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Trec.load(folder))
        .withMessageStartingWith("TREC needs train_5500.label, TREC_10.label in " + folder)
        .withMessageContaining("https://cogcomp.seas.upenn.edu/Data/QA/QC/")
        .withMessageContaining("--data DIR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FOO:bar What is this ?",
        "loc:city What is this ?",
        "LOC What is this: nothing ?",
        "LOC:city",
        "LOC:city ",
        "What is this ?",
        ":",
        ""
      })
  void aWrongLineIsNamedWithWhatIsAllowed(String line, @TempDir Path folder) throws IOException {
    List<String> test = lines(data.test());
    test.set(6, line);

    assertThatTrecIsRefused(
        folder,
        lines(data.train()),
        test,
        folder.resolve("TREC_10.label")
            + ", line 7: a line must be one of ABBR, DESC, ENTY, HUM, LOC, NUM, a colon, a finer"
            + " kind, a blank and a question, but here is '"
            + line
            + "'");
  }

  @Test
  void noQuestionMayBeMissing(@TempDir Path folder) throws IOException {
    List<String> train = lines(data.train());
    List<String> test = lines(data.test());

    assertThatTrecIsRefused(
        folder, train.subList(0, 5_000), test, "must have 5,452 questions, but has 5,000");
    assertThatTrecIsRefused(folder, train, List.of(), "must have 500 questions, but has 0");
    assertThatTrecIsRefused(folder, train, train, "must have 500 questions, but has 5,452");
  }

  @Test
  void aFileMustBeOfBoundedSize(@TempDir Path folder) throws IOException {
    String question = "LOC:city " + "x".repeat(1 << 20);

    assertThatTrecIsRefused(
        folder,
        List.of(question),
        lines(data.test()),
        "it must have at most 1,048,576 bytes, but has more");
  }

  @Test
  void aFolderMayHaveItsOwnCopyButADownloadMustBeThePublishedFile(@TempDir Path folder)
      throws IOException {
    // The same questions with other finer kinds, which make the file shorter.
    write(folder, lines(data.train()), lines(data.test()));
    assertThat(Trec.load(folder)).isEqualTo(data);

    Path cache = folder.resolve("cache");
    try (Website website = new Website()) {
      website.serving("/train_5500.label", Files.readAllBytes(folder.resolve("train_5500.label")));
      Publisher publisher = new Publisher(List.of(website.folder("/")), Duration.ofSeconds(30));
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> new DataSearch(List.of(), cache, publisher).find(Trec.DATASET))
          .withMessageContaining("is not train_5500.label: uncompressed it must have 335,858 bytes")
          .withMessageEndingWith("--data DIR");
    }
    assertThat(cache).isEmptyDirectory();
  }

  private static void assertThatTrecIsRefused(
      Path folder, List<String> train, List<String> test, String reason) throws IOException {
    write(folder, train, test);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Trec.load(folder))
        .withMessageContaining(reason)
        .withMessageEndingWith("--data DIR");
  }

  private static void write(Path folder, List<String> train, List<String> test) throws IOException {
    Files.write(folder.resolve("train_5500.label"), train, StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("TREC_10.label"), test, StandardCharsets.ISO_8859_1);
  }

  /** The lines of a file of questions, with a finer kind that was made up. */
  private static List<String> lines(List<Question> questions) {
    List<String> lines = new ArrayList<>();
    for (Question question : questions) {
      lines.add(Trec.KINDS.get(question.kind()) + ":x " + question.text());
    }
    return lines;
  }

  private static IntStream counts(List<Question> questions) {
    List<Integer> kinds = questions.stream().map(Question::kind).toList();
    return IntStream.range(0, Trec.KINDS.size()).map(kind -> Collections.frequency(kinds, kind));
  }
}
