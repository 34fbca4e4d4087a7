package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Real programs in processes of their own, which end with this. */
public final class Processes implements AutoCloseable {

  /** The collector, as users have it. */
  public static final Path JAR = Path.of("..", "collector", "target", "latentgauge.jar");

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  /**
   * None yet.
   *
   * @param folder for what they print
   */
  public Processes(Path folder) {
    this.folder = folder;
  }

  /** Starts a program; what it prints goes to {@code name.log} in the folder. */
  public Process start(String name, String... command) {
    return start(name, Map.of(), command);
  }

  /** Starts a program with more in its environment. */
  public Process start(String name, Map<String, String> environment, String... command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(name).toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(
          command[0] + " cannot be started; tests/run.sh installs what the tests need", e);
    }
  }

  /** Starts a collector on a free port, its data in the folder, and answers its address. */
  public String startCollector(String... options) {
    List<String> command =
        new ArrayList<>(List.of(java(), "-jar", JAR.toString(), "serve", "--port", "0"));
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    command.addAll(List.of(options));
    Process process = start("collector", command.toArray(String[]::new));
    return awaitPrinted("collector", process, "listening on (http://\\S+)");
  }

  /** Starts a main class with the class path of this test. */
  public Process startJava(String name, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return start(name, command.toArray(String[]::new));
  }

  /** The program that runs Java. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits until a process has printed something that matches, and answers its first group. */
  public String awaitPrinted(String name, Process process, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              Matcher matcher = compiled.matcher(printed(name));
              if (matcher.find()) {
                return matcher.group(1);
              }
              assertThat(process.isAlive()).as(() -> name + " ended: " + printed(name)).isTrue();
              return "";
            },
            found -> !found.isEmpty());
  }

  /** Sends a signal, such as STOP, which freezes a process, or CONT. */
  void signal(String signal, long pid) throws InterruptedException {
    Process sent = start("kill", "kill", "-" + signal, Long.toString(pid));
    assertThat(sent.waitFor()).as(() -> printed("kill")).isZero();
  }

  /** What a process has printed so far. */
  public String printed(String name) {
    try {
      return Files.readString(log(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  @Override
  public void close() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
