package dev.latentgauge.examples.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.examples.data.Cora.Citation;
import dev.latentgauge.examples.data.Cora.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads the real data; the expected counts are those of Sen et al. 2008, and of Yang et al. 2016.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CoraTest {

  private static final List<String> TOPICS =
      List.of(
          "Case_Based",
          "Genetic_Algorithms",
          "Neural_Networks",
          "Probabilistic_Methods",
          "Reinforcement_Learning",
          "Rule_Learning",
          "Theory");

  // The data as LINQS writes it, row r under the name "p" + r.
  private Cora data;
  private List<String> allContent;
  private List<String> allCites;

  // What tests change, then write.
  private List<String> content;
  private List<String> cites;

  @TempDir private Path folder;

  @BeforeAll
  void read() throws DataException {
    data = Cora.find();
    allContent =
        IntStream.range(0, data.topics().size())
            .mapToObj(row -> "p" + row + "\t" + words(row) + TOPICS.get(data.topics().get(row)))
            .toList();
    allCites =
        data.citations().stream()
            .map(citation -> "p" + citation.from() + "\tp" + citation.to())
            .toList();
  }

  @BeforeEach
  void copy() {
    content = new ArrayList<>(allContent);
    cites = new ArrayList<>(allCites);
  }

  @Test
  void hasEveryTopicAsOftenAsPublished() {
    assertThat(IntStream.range(0, Cora.TOPICS).map(t -> Collections.frequency(data.topics(), t)))
        .containsExactly(298, 418, 818, 426, 217, 180, 351);
  }

  @Test
  void wordsAreAscendingNumbersOfThoseThatAPaperHas() {
    assertThat(data.words()).hasSize(2_708);
    assertThat(data.words())
        .allSatisfy(
            words ->
                assertThat(new HashSet<>(words))
                    .hasSameSizeAs(words)
                    .allSatisfy(word -> assertThat(word).isBetween(0, 1_432)));
    assertThat(data.words()).allSatisfy(words -> assertThat(words).isSorted());
    // The number of ones that NumPy counts in cora.content.
    assertThat(data.words().stream().mapToInt(List::size).sum()).isEqualTo(49_216);
  }

  @Test
  void everyPairThatCitesOneAnotherIsThereOnceAndNoPaperIsAlone() {
    assertThat(data.citations()).hasSize(5_278).doesNotHaveDuplicates();
    assertThat(data.citations())
        .allSatisfy(citation -> assertThat(citation.from()).isLessThan(citation.to()));
    assertThat(
            data.citations().stream()
                .flatMap(citation -> List.of(citation.from(), citation.to()).stream())
                .distinct())
        .hasSize(2_708);
  }

  @Test
  void directionRepetitionAndSelfCitationsDoNotMatter() throws IOException {
    for (int i = 0; i < 151; i++) {
      String[] papers = cites.get(i).split("\t", -1);
      cites.add(papers[1] + "\t" + papers[0]);
    }
    cites.add("p7\tp7");
    write();

    assertThat(Cora.load(folder).citations()).isEqualTo(data.citations());
  }

  @Test
  void identifiersAndOrderDoNotMatter() throws IOException {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 2_708).boxed().toList());
    Collections.shuffle(order, new Random(1));
    content = order.stream().map(content::get).toList();
    Collections.shuffle(cites, new Random(2));
    write();

    Cora shuffled = Cora.load(folder);

    assertThat(shuffled.words()).isEqualTo(order.stream().map(data.words()::get).toList());
    assertThat(shuffled.topics()).isEqualTo(order.stream().map(data.topics()::get).toList());
    assertThat(shuffled.citations())
        .map(citation -> pair(order.get(citation.from()), order.get(citation.to())))
        .containsExactlyInAnyOrderElementsOf(data.citations());
  }

  @Test
  void aSplitInTheFolderIsTaken() throws IOException {
    List<Part> parts = new ArrayList<>(Collections.nCopies(2_708, Part.NONE));
    IntStream.range(0, 140).forEach(row -> parts.set(row, Part.TRAIN));
    IntStream.range(140, 640).forEach(row -> parts.set(row, Part.VALIDATION));
    IntStream.range(1_708, 2_708).forEach(row -> parts.set(row, Part.TEST));
    write();
    Files.write(folder.resolve("cora.split"), splitLines(parts));

    assertThat(Cora.load(folder).parts()).isEqualTo(parts);
  }

  @Test
  void withoutASplitOneIsDrawnOfTheSizesOfPlanetoid() throws IOException {
    write();

    List<Part> parts = Cora.load(folder).parts();

    assertThat(Arrays.stream(Part.values()).map(part -> Collections.frequency(parts, part)))
        .containsExactly(140, 500, 1_000, 1_068);
    for (int topic = 0; topic < Cora.TOPICS; topic++) {
      int thisTopic = topic;
      assertThat(
              IntStream.range(0, 2_708)
                  .filter(row -> parts.get(row) == Part.TRAIN)
                  .filter(row -> data.topics().get(row) == thisTopic))
          .hasSize(20);
    }
    // Drawn from all papers, not from the first ones.
    assertThat(parts.lastIndexOf(Part.TRAIN)).isGreaterThan(1_640);
  }

  @Test
  void theSplitThatIsDrawnIsTheSameForEveryOrderOfTheLines() throws IOException {
    write();
    List<Part> parts = Cora.load(folder).parts();
    Collections.reverse(content);
    write();

    List<Part> reversed = new ArrayList<>(Cora.load(folder).parts());
    Collections.reverse(reversed);

    assertThat(reversed).isEqualTo(parts);
  }

  @Test
  void downloadsTheArchiveOfThePublisherOnceAndReadsItFromTheCache() throws Exception {
    write();
    Cora unpacked = Cora.load(folder);
    Path cache = folder.resolve("cache");
    try (Website website = new Website()) {
      website.serving("/cora.tgz", archive());

      assertThat(search(website, cache).find(Cora.DATASET)).isEqualTo(unpacked);
      assertThat(search(website, cache).find(Cora.DATASET)).isEqualTo(unpacked);

      assertThat(website.requests()).containsExactly("/cora.tgz");
    }
    assertThat(Cora.load(cache)).isEqualTo(unpacked);
  }

  @Test
  void anArchiveThatIsNotCoraIsNotKept() throws Exception {
    cites.remove(0);
    write();
    Path cache = folder.resolve("cache");
    try (Website website = new Website()) {
      website.serving("/cora.tgz", archive());

      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> search(website, cache).find(Cora.DATASET))
          .withMessageContaining(
              website.folder("/cora.tgz")
                  + ":cora/cora.cites must have 5,278 pairs of papers that cite one another, but"
                  + " has 5,277")
          .withMessageEndingWith("--data DIR");
    }
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aFolderWithoutTheFilesIsNamedWithTheWayToGetThem() throws IOException {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Cora.load(folder))
        .withMessageStartingWith("Cora needs cora.tgz in " + folder)
        .withMessageContaining("https://linqs-data.soe.ucsc.edu/public/lbc/cora.tgz")
        .withMessageContaining("--data DIR");

    Files.write(folder.resolve("cora.content"), content);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Cora.load(folder))
        .withMessageStartingWith("Cora needs cora.cites in " + folder);
  }

  static List<Arguments> wrongPapers() {
    String fields = "a line must have 1,435 fields, but here is 'p4";
    return List.of(
        Arguments.of("\t[01]\t", "\t2\t", "word 1 must be 0 or 1, but here is '2'"),
        Arguments.of("\t[01]\t", "\t\t", "word 1 must be 0 or 1, but here is ''"),
        Arguments.of("\t[01]\t", "\t", fields),
        Arguments.of("\t[01]\t", "\t0\t0\t", fields),
        Arguments.of(".*", "p4", fields),
        Arguments.of(".*", "", "a line must have 1,435 fields, but here is ''"),
        Arguments.of(
            "[A-Z].*",
            "Music",
            "the topic must be one of " + String.join(", ", TOPICS) + ", but here is 'Music'"),
        Arguments.of("p4\t", "p5\t", "every paper must have one line, but here is 'p5'"));
  }

  @ParameterizedTest
  @MethodSource("wrongPapers")
  void aWrongPaperIsNamedWithWhatIsAllowed(String right, String wrong, String reason)
      throws IOException {
    Collections.swap(content, 4, 5);
    content.set(5, content.get(5).replaceFirst(right, wrong));
    write();

    assertThatCoraIsRefused(folder.resolve("cora.content") + ", line 6: " + reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p1\tp2708", "1\tp2", "\tp2"})
  void aCitationOfAPaperThatIsNotThereIsNamed(String citation) throws IOException {
    cites.set(0, citation);
    write();

    String unknown = citation.startsWith("p1\t") ? "p2708" : citation.split("\t", -1)[0];
    assertThatCoraIsRefused(
        folder.resolve("cora.cites")
            + ", line 1: a paper must be in cora.content, but here is '"
            + unknown
            + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p1", "p1 p2", "p1\tp2\tp3"})
  void aCitationIsOfTwoPapers(String citation) throws IOException {
    cites.set(0, citation);
    write();

    assertThatCoraIsRefused("cora.cites, line 1: a line must have 2 fields, but here is '");
  }

  @Test
  void nothingMayBeMissing() throws IOException {
    cites = allCites.subList(1, 5_278);
    write();
    assertThatCoraIsRefused(
        "cora.cites must have 5,278 pairs of papers that cite one another, but has 5,277");

    cites = List.of();
    write();
    assertThatCoraIsRefused("pairs of papers that cite one another, but has 0");

    cites = allCites;
    content = allContent.subList(0, 2_707);
    write();
    assertThatCoraIsRefused("cora.content must have 2,708 papers, but has 2,707");

    content = List.of();
    write();
    assertThatCoraIsRefused("cora.content must have 2,708 papers, but has 0");
  }

  @Test
  void aSplitMustHaveEveryPaperOnceAndPartsOfTheRightSizes() throws IOException {
    write();
    List<String> right = new ArrayList<>(splitLines(data.parts()));
    Path split = folder.resolve("cora.split");

    Files.write(split, right.subList(1, 2_708));
    assertThatCoraIsRefused(split + " must have 2,708 papers, but has 2,707");

    List<String> twice = new ArrayList<>(right);
    twice.set(1, twice.get(0));
    Files.write(split, twice);
    assertThatCoraIsRefused(split + ", line 2: every paper must have one line, but here is 'p0'");

    List<String> unnamed = new ArrayList<>(right);
    unnamed.set(2, "p2\tvalidation");
    Files.write(split, unnamed);
    assertThatCoraIsRefused(
        split + ", line 3: the part must be train, val, test or none, but here is 'validation'");

    List<Part> parts = new ArrayList<>(data.parts());
    parts.set(parts.indexOf(Part.TEST), Part.NONE);
    Files.write(split, splitLines(parts));
    assertThatCoraIsRefused(split + " must have 1,000 papers for TEST, but has 999");
  }

  @Test
  void aFileMustBeOfBoundedSize() throws IOException {
    write();
    Files.write(folder.resolve("cora.cites"), new byte[(1 << 20) + 1]);

    assertThatCoraIsRefused("cora.cites: uncompressed it must have at most 1,048,576 bytes");
  }

  @Test
  void linesWithNothingInThemDoNotFillTheMemory() throws IOException {
    write();
    Files.write(folder.resolve("cora.content"), "\n".repeat(16 << 20).getBytes(US_ASCII));
    assertThatCoraIsRefused("cora.content, line 1: a line must have 1,435 fields");

    Files.write(folder.resolve("cora.content"), "\t".repeat(16 << 20).getBytes(US_ASCII));
    assertThatCoraIsRefused("cora.content, line 1: a line must have 1,435 fields");
  }

  private void assertThatCoraIsRefused(String reason) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Cora.load(folder))
        .withMessageContaining(reason)
        .withMessageEndingWith("--data DIR");
  }

  private String words(int row) {
    String[] words = new String[Cora.WORDS];
    Arrays.fill(words, "0");
    data.words().get(row).forEach(word -> words[word] = "1");
    return String.join("\t", words) + "\t";
  }

  private void write() throws IOException {
    Files.write(folder.resolve("cora.content"), content);
    Files.write(folder.resolve("cora.cites"), cites);
  }

  private static List<String> splitLines(List<Part> parts) {
    return IntStream.range(0, parts.size())
        .mapToObj(
            row ->
                "p"
                    + row
                    + switch (parts.get(row)) {
                      case TRAIN -> "\ttrain";
                      case VALIDATION -> "\tval";
                      case TEST -> "\ttest";
                      case NONE -> "\tnone";
                    })
        .toList();
  }

  /** The files that were written, in a folder named cora with a README as LINQS has it. */
  private byte[] archive() throws IOException, InterruptedException {
    Path packed = Files.createDirectory(folder.resolve("cora"));
    Files.copy(folder.resolve("cora.content"), packed.resolve("cora.content"));
    Files.copy(folder.resolve("cora.cites"), packed.resolve("cora.cites"));
    Files.writeString(packed.resolve("README"), "This directory contains Cora.");
    return SmallDataset.gzip(Tar.of(packed));
  }

  private static DataSearch search(Website website, Path cache) {
    return new DataSearch(
        List.of(), cache, new Publisher(List.of(website.folder("/")), Duration.ofSeconds(30)));
  }

  private static Citation pair(int a, int b) {
    return new Citation(Math.min(a, b), Math.max(a, b));
  }
}
