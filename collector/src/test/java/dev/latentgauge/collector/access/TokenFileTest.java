package dev.latentgauge.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  @TempDir private Path folder;

  private TokenFile file() {
    return TokenFile.at(path());
  }

  private Path path() {
    return folder.resolve("data/tokens.json");
  }

  private Secret create(String name) throws IOException {
    return file().create(name, Set.of(Scope.READ), Optional.empty(), NOW);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Secret secret = create("a");
    List<Token> read = file().read().orElseThrow();
    assertThat(read).hasSize(1);
    assertThat(read.get(0).digest()).isEqualTo(Digest.of(secret.reveal()));
    assertThat(read.get(0).summary())
        .isEqualTo(new TokenSummary("a", Set.of(Scope.READ), NOW, Optional.empty()));
  }

  @Test
  void fileAndFolderAreTheOwnersAlone() throws IOException {
    create("a");
    assertThat(permissions(path())).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("data"))).isEqualTo("rwx------");
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
    create("b");
    assertThat(permissions(path())).as("after a change").isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw--w----", "rw-----w-", "rw-rw-r--"})
  void aFileThatOthersCanWriteIsNotBelieved(String permissions) throws IOException {
    create("a");
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString(permissions));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> file().read())
        .withMessageContaining("but is " + permissions);
  }

  @Test
  void norOneInAFolderThatEverybodyCanWrite() throws IOException {
    create("a");
    Files.setPosixFilePermissions(
        folder.resolve("data"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> file().read());
  }

  @Test
  void aFileBehindALinkIsReplacedAndNotTheLink() throws IOException {
    create("a");
    Path link = folder.resolve("link.json");
    Files.createSymbolicLink(link, path());
    TokenFile.at(link).create("b", Set.of(Scope.READ), Optional.empty(), NOW);
    assertThat(link).isSymbolicLink();
    assertThat(file().list()).extracting(TokenSummary::name).containsExactly("a", "b");
  }

  @Test
  void changesAtOnceAreAllMade() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Secret>> made = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String name = "t" + i;
        made.add(threads.submit(() -> create(name)));
      }
      for (Future<Secret> each : made) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(file().list()).hasSize(20);
  }

  @Test
  void whatAnInterruptedChangeLeftIsNoHindrance() throws IOException {
    create("a");
    Files.writeString(folder.resolve("data/tokens.json.new"), "half of it");
    create("b");
    assertThat(file().list()).hasSize(2);
    assertThat(folder.resolve("data/tokens.json.new")).doesNotExist();
  }

  @Test
  void aDamagedFileIsNotQuoted() throws IOException {
    create("a");
    Files.writeString(path(), Files.readString(path()).replace("\"a\"", "\"a b\""));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> file().read())
        .withMessageContaining("is not a list of tokens")
        .satisfies(e -> assertThat(e).message().doesNotContain("a b"));
  }
}
