package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {

  // Fills its blocks to the last byte, and less than that.
  private static final String EXACT = "x".repeat(1024);
  private static final String SHORT = "one\ntwo\n";

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void write() throws Exception {
    folder = Files.createDirectory(temporary.resolve("pack"));
    Files.writeString(folder.resolve("exact"), EXACT);
    Files.writeString(folder.resolve("short"), SHORT);
    Files.writeString(folder.resolve("other"), "of no interest");
    Files.createFile(folder.resolve("empty"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("short"));
    // Too long a path for the name in a header: writers have their own ways to put the rest.
    Path deep = Files.createDirectory(folder.resolve("deep".repeat(20)));
    Files.writeString(deep.resolve("long".repeat(20)), "of no interest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "gnu", "oldgnu", "pax"})
  void readsWhatEveryWriterWrites(String format) throws Exception {
    byte[] archive = Tar.of(folder, "--format=" + format);

    List<Content> contents =
        TarArchive.members(new Content("a.tgz", archive), List.of("short", "exact", "empty"));

    assertThat(contents).extracting(TarArchiveTest::text).containsExactly(SHORT, EXACT, "");
    assertThat(contents)
        .extracting(Content::origin)
        .containsExactly("a.tgz:pack/short", "a.tgz:pack/exact", "a.tgz:pack/empty");
  }

  @Test
  void namesTheMembersThatAreMissing() throws Exception {
    assertThatMembersAreRefused(Tar.of(folder), "short", "absent")
        .withMessage(
            "a.tgz is not a whole tar archive: it must have [short, absent] in it, but has"
                + " [short]");
  }

  @Test
  void aLinkIsNoFile() throws Exception {
    assertThatMembersAreRefused(Tar.of(folder), "link").withMessageContaining("but has []");
  }

  @Test
  void refusesADamagedHeader() throws Exception {
    byte[] archive = Tar.of(folder);
    archive[5]++;

    assertThatMembersAreRefused(archive, "short")
        .withMessage(
            "a.tgz is not a whole tar archive: the header at byte 0 has another sum than it says");
  }

  @Test
  void refusesAnArchiveThatEndsWithinAMember() throws Exception {
    Path alone = Files.createDirectory(temporary.resolve("alone"));
    Files.writeString(alone.resolve("exact"), EXACT);
    byte[] archive = Tar.of(alone);

    // A header for the folder, one for the file, and one of its two blocks.
    assertThatMembersAreRefused(Arrays.copyOf(archive, 3 * 512), "exact")
        .withMessage("a.tgz is not a whole tar archive: it ends within alone/exact");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "<html>not found</html>"})
  void refusesWhatIsNoArchive(String text) {
    byte[] bytes = text.repeat(100).getBytes(StandardCharsets.UTF_8);

    assertThatMembersAreRefused(bytes, "short")
        .withMessageStartingWith("a.tgz is not a whole tar archive: ");
  }

  private static ThrowableAssertAlternative<DataException> assertThatMembersAreRefused(
      byte[] archive, String... names) {
    return assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> TarArchive.members(new Content("a.tgz", archive), List.of(names)));
  }

  private static String text(Content content) {
    return new String(content.bytes(), StandardCharsets.UTF_8);
  }
}
