package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code examples/quickstart.sh} does before and around the programs it starts; {@link
 * EndToEndIT} runs those. Here they are stand-ins, on a machine that has nothing else.
 */
@DisabledOnOs(OS.WINDOWS)
class QuickstartScriptTest {

  private static final Path SCRIPT = Path.of("..", "examples", "quickstart.sh");

  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));

  @BeforeEach
  void makeAMachine() throws IOException {
    processes = new Processes(folder);
    Path examples = folder.resolve("project/examples");
    Files.createDirectories(examples.resolve("target"));
    Files.writeString(examples.resolve("target/classpath"), "library.jar");
    Files.copy(SCRIPT, examples.resolve("quickstart.sh"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("caller/images"));
    for (String tool : List.of("bash", "dirname", "mkdir", "mktemp", "rm", "sed", "cat", "sleep")) {
      program(tool, "exec " + found(tool) + " \"$@\"");
    }
    program("mvn", "exit 0");
    program("javac", "exit 0");
    program(
        "java",
        "case \"$*\" in\n*' serve '*) echo listening on http://127.0.0.1:1; exec sleep 60 ;;\n"
            + "*) echo \"trained with $*\" ;;\nesac");
    program("id", "echo 1000");
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  @Test
  void foldersAreThoseOfTheCaller() throws Exception {
    assertThat(quickstart("--data", "images", "--output", "out"))
        .contains("--output " + folder.resolve("caller/out"))
        .contains("--data " + folder.resolve("caller/images"));
    assertThat(folder.resolve("caller/out/collector.log")).exists();
    assertThat(folder.resolve("caller/out")).isDirectoryNotContaining("glob:**/collector.??????");
    Path absolute = folder.resolve("elsewhere");
    assertThat(quickstart("--output", absolute.toString())).contains("--output " + absolute);
  }

  @Test
  void whatIsOnlyWantedAndCannotBeInstalledDoesNotEndIt() throws Exception {
    program("id", "echo 0");
    program("apt-get", "echo apt-get \"$1\" >&2; exit 100");
    assertThat(quickstart())
        .contains("apt-get update", "apt-get install", "going on without fontconfig")
        .contains("trained with");
  }

  private String quickstart(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "cd \"$1\" && shift && PATH=$(cd ../bin && pwd) && exec \"$@\"",
                "sh",
                folder.resolve("caller").toString(),
                "bash",
                "../project/examples/quickstart.sh",
                "--exit"));
    command.addAll(List.of(arguments));
    Process process = processes.start("quickstart", command.toArray(String[]::new));
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    String printed = processes.printed("quickstart");
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private void program(String name, String body) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path found(String tool) {
    for (String directory : List.of("/bin", "/usr/bin")) {
      Path file = Path.of(directory, tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new AssertionError(tool + " must be in /bin or /usr/bin");
  }
}
