package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
  void helpTellsWhatTheExitCodesMean() {
    assertThat(commandLine.execute("help")).isZero();
    assertThat(out.toString()).contains("Exit codes:", "0  ", "1  ", "2  ", "alias latentgauge=");
    assertThat(commandLine.execute("help", "serve")).isZero();
    assertThat(out.toString()).contains("--linger=SECONDS");
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
        "replay | DIR",
        "replay . --timeout soon | must be a number and one of ms, s, m, h and d, such as 30s",
        "replay . --to nowhere | the address of a collector must be like",
      })
  void whatIsNotUnderstoodIsSaidAndExitsWithTwo(String line, String message) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(commandLine.execute(arguments)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ", "\u001b");
    assertThat(err.toString().lines().filter(said -> said.startsWith("latentgauge: "))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"sevre, serve", "repaly, replay", "complete, completion"})
  void aMisspeltCommandIsSuggested(String line, String suggestion) {
    assertThat(commandLine.execute(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(suggestion);
  }

  @Command(name = "fail")
  record Failing(Throwable failure) implements Runnable {
    @Override
    public void run() {
      throw Failing.<RuntimeException>sneaked(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T sneaked(Throwable failure) throws T {
      throw (T) failure;
    }
  }

  private int fail(Throwable failure, String... options) {
    commandLine.addSubcommand(new Failing(failure));
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("fail");
    return Main.exitCode(commandLine, arguments.toArray(String[]::new));
  }

  @Test
  void whatFailsIsSaidInOneLineAndExitsWithOne() {
    assertThat(fail(new IOException("a is not a reference"))).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("latentgauge: a is not a reference");
  }

  @Test
  void evenWhenMemoryIsOut() {
    assertThat(fail(new OutOfMemoryError("Java heap space"))).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("latentgauge: out of memory (Java heap space)");
  }

  @Test
  void whereItFailedIsPrintedOnRequest() {
    assertThat(fail(new IOException("a is not a reference"), "--verbose")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("latentgauge: a is not a reference" + System.lineSeparator())
        .contains("\tat dev.latentgauge.cli.MainTest");
  }

  @ParameterizedTest
  @CsvSource({"'', 1, se, serve", "serve, 2, --li, --linger", "'', 1, --ver, --verbose"})
  void theShellCompletesCommandsAndTheirOptions(
      String before, int position, String begun, String completed) throws Exception {
    assertThat(commandLine.execute("completion")).isZero();
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                out
                    + "\nCOMP_WORDS=(latentgauge %s %s); COMP_CWORD=%d; _complete_latentgauge;"
                        .formatted(before, begun, position)
                    + " printf '%s\\n' \"${COMPREPLY[@]}\"")
            .start();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .contains(completed);
    assertThat(bash.waitFor()).isZero();
  }
}
