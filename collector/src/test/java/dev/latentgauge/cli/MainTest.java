package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void helpListsTheCommandsAndTheirOptions() {
    assertThat(commandLine.execute("--help")).isZero();
    assertThat(out.toString()).contains("serve");
    assertThat(commandLine.execute("serve", "--help")).isZero();
    assertThat(out.toString())
        .contains("--host=HOST", "127.0.0.1", "--port=PORT", "9475", "--linger=SECONDS", "60");
  }

  @Test
  void tellsItsVersion() {
    assertThat(commandLine.execute("--version")).isZero();
    assertThat(out.toString()).matches("latentgauge \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a command is missing",
        "sing | sing",
        "serve --port x | --port",
        "serve --port 70000 | port must be from 0 to 65535, but is 70000",
        "serve --linger -1 | linger must be at least 0 s, but is -1 s",
        "serve --colour red | --colour",
      })
  void whatIsNotUnderstoodIsSaidAndExitsWithTwo(String line, String message) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(commandLine.execute(arguments)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
  }
}
