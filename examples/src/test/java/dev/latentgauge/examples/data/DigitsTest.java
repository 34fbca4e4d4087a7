package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the real data; the expected values were computed from the file with NumPy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DigitsTest {

  private static final Path INSTALLED =
      Path.of("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz");

  private Digits data;
  private byte[] content;

  @BeforeAll
  void read() throws IOException {
    data = Digits.find();
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(INSTALLED))) {
      content = in.readAllBytes();
    }
  }

  @Test
  void hasEveryDigitAsOftenAsThePublisherSays() {
    assertThat(data.images()).hasSize(1_797);
    assertThat(IntStream.range(0, 10).map(this::count))
        .containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }

  @Test
  void imagesAreInTheOrderOfTheFile() {
    assertThat(data.images().subList(0, 10))
        .extracting(Digits.Image::digit)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(data.images().get(0).pixels().subList(0, 8))
        .containsExactly(0, 0, 5, 13, 9, 1, 0, 0);
    assertThat(greySum(data.images().subList(1_796, 1_797))).isEqualTo(392);
    assertThat(greySum(data.images())).isEqualTo(561_718);
  }

  @Test
  void aDownloadMustBeThePublishedFile(@TempDir Path cache) throws IOException {
    try (Website website = new Website()) {
      website.serving("/good/digits.csv.gz", SmallDataset.gzip(content));
      byte[] other = content.clone();
      other[0] = '1'; // a pixel as good as any
      website.serving("/bad/digits.csv.gz", SmallDataset.gzip(other));

      assertThat(search(website, "/good/", cache.resolve("a")).find(Digits.DATASET))
          .isEqualTo(data);
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> search(website, "/bad/", cache.resolve("b")).find(Digits.DATASET))
          .withMessageContaining("the SHA-256 of its uncompressed content must be ")
          .withMessageContaining("apt-get install --no-install-recommends python3-sklearn");
      assertThat(cache.resolve("b")).isEmptyDirectory();
    }
  }

  @Test
  void aFolderWithoutTheFileIsNamedWithTheWayToGetIt(@TempDir Path folder) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Digits.load(folder))
        .withMessageStartingWith("Digits needs digits.csv.gz in " + folder)
        .withMessageContaining("python3-sklearn")
        .withMessageContaining("--data DIR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "0,0,5,|0,0,17,|a pixel must be a whole number in [0, 16], but here is '17'",
        "0,0,5,|0,0,-1,|a pixel must be a whole number in [0, 16], but here is '-1'",
        "0,0,5,|0,0,x,|a pixel must be a whole number in [0, 16], but here is 'x'",
        "0,0,5,|0,0,,|a pixel must be a whole number in [0, 16], but here is ''",
        "0,0,5,|0,0,4.5,|a pixel must be a whole number in [0, 16], but here is '4.5'",
        "0,0,5,|0,0,5,5,|a line must have 65 fields, but here is '0,0,5,5,13,",
        "0,0,5,|0,5,|a line must have 65 fields, but here is '0,5,13,",
      })
  void aWrongLineIsNamedWithWhatIsAllowed(
      String right, String wrong, String reason, @TempDir Path folder) throws IOException {
    List<String> lines = lines();
    assertThat(lines.get(0)).startsWith(right);
    lines.set(0, wrong + lines.get(0).substring(right.length()));

    assertThatDigitsAreRefused(folder, lines, "digits.csv.gz, line 1: " + reason);
  }

  @Test
  void aDigitMustBeADigit(@TempDir Path folder) throws IOException {
    List<String> lines = lines();
    lines.set(1_796, lines.get(1_796).replaceFirst("8$", "10"));

    assertThatDigitsAreRefused(
        folder,
        lines,
        "line 1,797: the digit at the end must be a whole number in [0, 9], but here is '10'");
  }

  @Test
  void noImageMayBeMissing(@TempDir Path folder) throws IOException {
    assertThatDigitsAreRefused(
        folder, lines().subList(1, 1_797), "must have 1,797 images, but has 1,796");
    assertThatDigitsAreRefused(folder, List.of(), "must have 1,797 images, but has 0");
  }

  @Test
  void anArchiveMustBeWholeAndOfBoundedSize(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("digits.csv.gz");
    byte[] whole = SmallDataset.gzip(content);

    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Digits.load(folder))
        .withMessageStartingWith(file + " is not a whole digits.csv.gz: ");

    Files.write(file, SmallDataset.gzip(new byte[50_000_000]));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Digits.load(folder))
        .withMessageContaining("it must have at most 1,048,576 bytes, but has more");

    Files.write(file, new byte[0]);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Digits.load(folder))
        .withMessageStartingWith(file + " is not a whole digits.csv.gz: ");
  }

  private static void assertThatDigitsAreRefused(Path folder, List<String> lines, String reason)
      throws IOException {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.US_ASCII);
    Files.write(folder.resolve("digits.csv.gz"), SmallDataset.gzip(text));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Digits.load(folder))
        .withMessageContaining(reason)
        .withMessageEndingWith("--data DIR");
  }

  private static DataSearch search(Website website, String address, Path cache) {
    return new DataSearch(
        List.of(), cache, new Publisher(List.of(website.folder(address)), Duration.ofSeconds(30)));
  }

  private List<String> lines() {
    return new ArrayList<>(new String(content, StandardCharsets.US_ASCII).lines().toList());
  }

  private int count(int digit) {
    return Collections.frequency(data.images().stream().map(Digits.Image::digit).toList(), digit);
  }

  private static int greySum(List<Digits.Image> images) {
    return images.stream()
        .flatMap(image -> image.pixels().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }
}
