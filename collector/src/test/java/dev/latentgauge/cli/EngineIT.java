package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine of the self-contained jar, for a user whose home is empty and who has no network. */
@Timeout(180)
class EngineIT {

  private static final String LARGEST = System.mapLibraryName("torch_cpu");
  private static final String SUM = "7.0" + System.lineSeparator();

  /** Makes DJL say what it unpacks, on standard error. */
  private static final String TALKATIVE = "-Dlatentgauge.log.ai.djl=info";

  @TempDir private Path machine;
  private Path home = Path.of("");
  private Path temporary = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(machine.resolve("home"));
    temporary = Files.createDirectory(machine.resolve("tmp"));
  }

  private record Ended(int code, String out, String err) {}

  @Test
  void computesOfflineAndUnpacksIntoAPrivateFolderOnce() throws Exception {
    assertThat(run(List.of(), "sum")).isEqualTo(new Ended(0, SUM, ""));
    assertThat(names(home)).containsExactly(".cache");
    assertThat(names(home.resolve(".cache"))).containsExactly("latentgauge");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache())))
        .isEqualTo("rwx------");
    assertThat(names(temporary)).as("in the shared temporary folder").isEmpty();

    Ended again = run(List.of(TALKATIVE), "sum");
    assertThat(again.out()).isEqualTo(SUM);
    assertThat(again.err()).contains("intra-op threads").doesNotContain("Extracting");
  }

  @Test
  void ofTwoProcessesThatStartAtOnceOneUnpacks() throws Exception {
    Process first = start(List.of(TALKATIVE), "sum");
    Process second = start(List.of(TALKATIVE), "sum");
    Ended one = end(first);
    Ended other = end(second);
    assertThat(one.out()).as(one.err()).isEqualTo(SUM);
    assertThat(other.out()).as(other.err()).isEqualTo(SUM);
    assertThat((one.err() + other.err()).lines().filter(EngineIT::unpacksTheLargest)).hasSize(1);
  }

  @Test
  void whatAKilledProcessAndACrashLeaveIsRemovedAndUnpackedAgain() throws Exception {
    Process killed = start(List.of(TALKATIVE), "sum");
    try (BufferedReader err = killed.errorReader(StandardCharsets.UTF_8)) {
      assertThat(err.lines().anyMatch(EngineIT::unpacksTheLargest)).isTrue();
      killed.destroyForcibly().waitFor();
    }
    assertThat(unpacked("tmp")).as("left by the killed process").isNotEmpty();
    assertThat(unpacked("2.")).as("a library cut short").isEmpty();

    assertThat(run(List.of(), "sum")).isEqualTo(new Ended(0, SUM, ""));
    assertThat(unpacked("tmp")).isEmpty();

    try (RandomAccessFile library =
        new RandomAccessFile(unpacked("2.").get(0).resolve(LARGEST).toFile(), "rw")) {
      library.setLength(library.length() / 2);
    }
    assertThat(run(List.of(), "sum")).isEqualTo(new Ended(0, SUM, ""));
  }

  @Test
  void librariesThatTheUserBringsAreUsedInPlaceOfTheJars() throws Exception {
    Path data = machine.resolve("data");
    assertThat(run(List.of(), "sum", "--data", data.toString()).out()).isEqualTo(SUM);
    assertThat(names(home)).isEmpty();
    Path libraries = Files.createDirectory(machine.resolve("libraries"));
    for (Path library : list(list(data.resolve("pytorch")).get(0))) {
      if (!library.toString().contains("djl")) {
        Files.createSymbolicLink(libraries.resolve(library.getFileName()), library);
      }
    }
    String path = libraries.toString();
    assertThat(run(List.of(), Map.of("PYTORCH_LIBRARY_PATH", path, "PYTORCH_FLAVOR", "cpu"), "sum"))
        .isEqualTo(new Ended(0, SUM, ""));
    assertRefused(
        run(List.of(), Map.of("PYTORCH_LIBRARY_PATH", path, "PYTORCH_FLAVOR", "none"), "sum"),
        1,
        "PYTORCH_FLAVOR must tell which libraries PYTORCH_LIBRARY_PATH leads to");
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("torch_cpu"));
    }
  }

  @Test
  void saysInOneLineWhyTheEngineCannotBeUnpacked() throws Exception {
    Path file = Files.createFile(machine.resolve("file"));
    assertRefused(
        run(List.of(), "sum", "--data", file.resolve("below").toString()),
        1,
        "cannot be unpacked in " + file.resolve("below"),
        "--data DIR");

    Path shared = Files.createDirectory(machine.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused(
        run(List.of(), "sum", "--data", shared.toString()),
        1,
        "writable by its owner alone, but " + shared + " has rwxrwxrwx");

    assertRefused(
        run(List.of(), Map.of("PYTORCH_LIBRARY_PATH", home.toString()), "sum"),
        1,
        "PYTORCH_LIBRARY_PATH must lead to " + System.mapLibraryName("torch"));
    assertRefused(
        run(List.of(), Map.of("ENGINE_CACHE_DIR", home.toString()), "sum", "--data", "x"),
        2,
        "--data and ENGINE_CACHE_DIR");
  }

  @Test
  void saysInOneLineThatThereIsNoRoomAndSucceedsOnceThereIs() throws Exception {
    List<String> limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 20000; exec \"$@\"", ""));
    limited.addAll(command(List.of(), "sum"));
    assertRefused(end(start(limited, Map.of())), 1, cache().toString(), "File too large");
    assertThat(unpacked("tmp")).isEmpty();
    assertThat(run(List.of(), "sum")).isEqualTo(new Ended(0, SUM, ""));
  }

  @Test
  void whoReadsOnlyTheFirstLineSeesNoStackTrace() throws Exception {
    List<String> piped =
        new ArrayList<>(List.of("bash", "-c", "set -o pipefail; \"$@\" | head -n 1", ""));
    piped.addAll(command(List.of(), "flood"));
    Ended ended = end(start(piped, Map.of()));
    assertThat(ended.out()).isEqualTo("line 0" + System.lineSeparator());
    assertRefused(ended, 1, "standard output was closed");
  }

  @Test
  void servingLoadsNoEngine() throws Exception {
    Path classes = machine.resolve("classes.log");
    Process serve =
        start(
            List.of("-Xlog:class+load:file=" + classes),
            "serve",
            "--port",
            "0",
            "--data",
            machine.resolve("data").toString());
    try (BufferedReader out = serve.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).contains("listening on");
    } finally {
      serve.toHandle().destroy();
    }
    serve.waitFor();
    assertThat(Files.readString(classes))
        .contains("dev.latentgauge.cli.Serve ")
        .doesNotContain("ai.djl.engine.Engine ", "com.sun.jna");
    assertThat(names(home)).isEmpty();
  }

  private static void assertRefused(Ended ended, int code, String... parts) {
    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    List<String> said =
        ended.err().lines().filter(line -> line.startsWith("latentgauge: ")).toList();
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).contains(parts);
    assertThat(ended.err()).doesNotContain("\tat ", "Exception in");
  }

  private static boolean unpacksTheLargest(String line) {
    return line.contains("Extracting") && line.contains(LARGEST);
  }

  private Ended run(List<String> javaOptions, String... arguments) throws Exception {
    return run(javaOptions, Map.of(), arguments);
  }

  private Ended run(List<String> javaOptions, Map<String, String> environment, String... arguments)
      throws Exception {
    return end(start(command(javaOptions, arguments), environment));
  }

  private Process start(List<String> javaOptions, String... arguments) throws IOException {
    return start(command(javaOptions, arguments), Map.of());
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  /** No name has an address: who asks the network fails, and is seen. */
  private List<String> command(List<String> javaOptions, String... arguments) throws IOException {
    Path hosts = machine.resolve("hosts");
    Files.writeString(hosts, "");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.add("-Duser.home=" + home);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(javaOptions);
    command.add("-cp");
    command.add(System.getProperty("latentgauge.jar") + ":" + Path.of("target", "test-classes"));
    command.add(EngineProgram.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static Ended end(Process process) throws Exception {
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out, err);
    } finally {
      process.destroyForcibly();
    }
  }

  private Path cache() {
    return home.resolve(".cache").resolve("latentgauge");
  }

  /** The folders of unpacked libraries whose names begin so. */
  private List<Path> unpacked(String beginning) {
    return list(cache().resolve("pytorch")).stream()
        .filter(folder -> folder.getFileName().toString().startsWith(beginning))
        .toList();
  }

  private static List<String> names(Path folder) {
    return list(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
