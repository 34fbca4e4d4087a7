package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    SmallDataset.writeTo(folder);
  }

  @Test
  void readsTheContentsOfAllFilesInTheirOrder() throws DataException {
    List<ByteBuffer> contents = SmallDataset.DATASET.read(folder);

    assertThat(contents)
        .containsExactly(
            ByteBuffer.wrap(SmallDataset.IMAGE_FILE), ByteBuffer.wrap(SmallDataset.LABEL_FILE));
  }

  @Test
  void acceptsTheSameContentCompressedDifferently() throws IOException {
    // A gzip file may have several members, whose contents follow one another.
    byte[] members =
        SmallDataset.join(
            SmallDataset.gzip(Arrays.copyOf(SmallDataset.IMAGE_FILE, 5)),
            SmallDataset.gzip(Arrays.copyOfRange(SmallDataset.IMAGE_FILE, 5, 28)));
    Files.write(folder.resolve("images.gz"), members);

    assertThat(SmallDataset.DATASET.read(folder).get(0))
        .isEqualTo(ByteBuffer.wrap(SmallDataset.IMAGE_FILE));
  }

  @Test
  void namesEveryMissingFileItsFolderAndTheRemedy() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> SmallDataset.DATASET.read(empty))
        .withMessage(
            "Small needs images.gz, labels.gz in "
                + empty
                + ", where there is no such file. Ask the tests.");
  }

  @Test
  void takesTheFirstLayoutOfWhichAllFilesAreThere() throws IOException {
    DataFile extra = DataFile.unknown("extra", 10);
    List<DataFile> rich = List.of(SmallDataset.FILES.get(1), extra);
    List<DataFile> poor = List.of(SmallDataset.FILES.get(1));
    Dataset<List<String>> dataset =
        new Dataset<>(
            "Two",
            "Ask the tests.",
            poor,
            List.of(rich, poor),
            files -> files.stream().map(Content::origin).toList());

    assertThat(dataset.read(folder)).containsExactly(folder.resolve("labels.gz").toString());

    Files.writeString(folder.resolve("extra"), "more");
    assertThat(dataset.read(folder))
        .containsExactly(
            folder.resolve("labels.gz").toString(), folder.resolve("extra").toString());
  }

  @Test
  void aFolderInPlaceOfAFileIsMissing() throws IOException {
    Files.delete(folder.resolve("labels.gz"));
    Files.createDirectory(folder.resolve("labels.gz"));

    assertThat(SmallDataset.DATASET.isIn(folder)).isFalse();
  }

  @Test
  void refusesAnotherContentOfTheSameSize() throws IOException {
    byte[] other = SmallDataset.withLastByteChanged(SmallDataset.IMAGE_FILE);

    assertThatImagesAreRefused(SmallDataset.gzip(other))
        .withMessageContaining("is not images.gz: the SHA-256 of its uncompressed content must be ")
        .withMessageContaining(SmallDataset.IMAGES_SHA256);
  }

  @Test
  void refusesContentThatIsTooShort() throws IOException {
    byte[] shorter = Arrays.copyOf(SmallDataset.IMAGE_FILE, 27);

    assertThatImagesAreRefused(SmallDataset.gzip(shorter))
        .withMessageContaining("uncompressed it must have 28 bytes, but has 27");
  }

  @Test
  void readsNoMoreThanNeededOfContentThatIsTooLong() throws IOException {
    byte[] bomb = SmallDataset.gzip(new byte[50_000_000]);
    // What comes after the first megabytes is damaged: it would be noticed if it were read.
    Arrays.fill(bomb, bomb.length / 2, bomb.length, (byte) 0xFF);

    assertThatImagesAreRefused(bomb)
        .withMessageContaining("uncompressed it must have at most 28 bytes, but has more");
  }

  @Test
  void refusesATruncatedArchive() throws IOException {
    byte[] whole = SmallDataset.gzip(SmallDataset.IMAGE_FILE);

    assertThatImagesAreRefused(Arrays.copyOf(whole, whole.length - 12))
        .withMessageContaining("is not a whole images.gz");
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    assertThatImagesAreRefused("<html>not found</html>".getBytes(StandardCharsets.UTF_8))
        .withMessageContaining("is not a whole images.gz")
        .withMessageContaining("Not in GZIP format");
  }

  private ThrowableAssertAlternative<DataException> assertThatImagesAreRefused(byte[] archive)
      throws IOException {
    Files.write(folder.resolve("images.gz"), archive);
    return assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> SmallDataset.DATASET.read(folder))
        .withMessageStartingWith(folder.resolve("images.gz").toString())
        .withMessageEndingWith("Ask the tests.");
  }
}
