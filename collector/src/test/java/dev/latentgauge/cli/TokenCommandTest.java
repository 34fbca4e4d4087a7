package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.Client;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TokenCommandTest {

  @TempDir private Path folder;

  private CommandRun token(String command, Object... more) {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = "token";
    arguments[1] = command;
    arguments[2] = "--data";
    arguments[3] = data();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandRun.of(arguments);
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void aTokenIsPrintedOnceAndOnlyItsHashKept() throws Exception {
    CommandRun created = token("create", "--name", "fleet", "--scope", "write,read");
    assertThat(created.code()).isZero();
    assertThat(created.out()).matches("lgtok_[0-9a-f]{64}\\R");
    assertThat(created.err()).contains("is not shown again");
    Path file = data().resolve("tokens.json");
    assertThat(Files.readString(file)).doesNotContain(created.out().strip().substring(6));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    CommandRun listed = token("list");
    assertThat(listed.code()).isZero();
    assertThat(listed.out()).containsPattern("fleet +read,write +\\S+ +never");
    assertThat(listed.out()).doesNotContain("lgtok");
  }

  @Test
  void noTwoTokensAreAlike() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      all.add(token("create", "--name", "t" + i, "--scope", "read").out());
    }
    assertThat(all).hasSize(20);
  }

  @Test
  void aTokenCanEndByItself() {
    assertThat(token("create", "--name", "short", "--scope", "read", "--expires", "90d").code())
        .isZero();
    assertThat(token("list").out()).containsPattern("short +read +\\S+Z +\\S+Z");
    token("create", "--name", "gone", "--scope", "read", "--expires", "0s");
    assertThat(token("list").out()).containsPattern("gone +read +\\S+Z +\\S+Z \\(has expired\\)");
  }

  @Test
  void itWorksBesideACollectorThatServes() throws Exception {
    String first = token("create", "--name", "first", "--scope", "read").out().strip();
    try (Collector collector =
        Collector.start(CollectorOptions.builder().port(0).data(data()).build())) {
      Client client = new Client(collector.address());
      assertThat(client.with(first).get("/metrics").status()).isEqualTo(200);
      Client second =
          client.with(token("create", "--name", "second", "--scope", "read").out().strip());
      while (second.get("/metrics").status() != 200) {
        Thread.onSpinWait();
      }
      assertThat(token("revoke", "--name", "first").code()).isZero();
      while (client.with(first).get("/metrics").status() == 200) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--name a | --scope",
        "--scope read | --name",
        "--name a --scope all | a scope must be read, write, admin, but is \"all\"",
        "--name a/b --scope read | the name of a token must match",
        "--name twice --scope read | \"twice\" is there already",
        "--name a --scope read --expires soon | such as 30s",
      })
  void whatIsNotUnderstoodIsSaid(String line, String message) {
    token("create", "--name", "twice", "--scope", "read");
    CommandRun run = token("create", line.isEmpty() ? new Object[0] : line.split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void whatIsNotThereCannotBeRevoked() {
    CommandRun run = token("revoke", "--name", "nobody");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("no token is named \"nobody\"");
    assertThat(data()).as("made by a revocation").doesNotExist();
  }

  @Test
  void aDamagedFileIsNotWrittenOver() throws Exception {
    Files.createDirectories(data());
    Files.writeString(data().resolve("tokens.json"), "nonsense");
    CommandRun run = token("create", "--name", "a", "--scope", "read");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(data().resolve("tokens.json")).hasContent("nonsense");
  }

  @Test
  void certificateAndKeyComeTogether() {
    CommandRun run = CommandRun.of("serve", "--data", data(), "--tls-key", "key.pem");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--tls-certificate and --tls-key must be given together");
  }

  @Test
  void beyondLoopbackServeSaysWhatIsMissing() {
    CommandRun run = CommandRun.of("serve", "--data", data(), "--host", "0.0.0.0", "--port", "0");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("latentgauge: to be reached by others than this machine")
        .contains("latentgauge token create", "--tls-certificate", "--behind-proxy");
  }
}
