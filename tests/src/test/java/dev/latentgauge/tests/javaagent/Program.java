package dev.latentgauge.tests.javaagent;

import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program in a process of its own, with a class path that has nothing of ours, or not yet. */
public final class Program {

  /** The agent, as users have it. */
  static final Path AGENT =
      classes()
          .resolve(Path.of("..", "..", "..", "agent", "attach", "target", "latentgauge-agent.jar"))
          .normalize();

  private static final Duration USUAL_LIMIT = Duration.ofMinutes(5);

  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private Jdk jdk = Jdk.JAVA_17;
  private Duration limit = USUAL_LIMIT;
  private List<String> target = List.of("-cp", classPath(), SmallTraining.class.getName());

  /** What a program has done. */
  public record Result(int status, String output, String errors) {

    /** The lines that the agent has said, without what they begin with. */
    public List<String> said() {
      return errors
          .lines()
          .filter(line -> line.startsWith("latentgauge: "))
          .map(line -> line.substring("latentgauge: ".length()))
          .toList();
    }
  }

  /**
   * A small training.
   *
   * @param folder where it runs
   */
  public Program(Path folder) {
    this.folder = folder;
    options.add("-Dai.djl.offline=true");
    // They end before the slower compiler has paid.
    options.add("-XX:TieredStopAtLevel=1");
  }

  public Program on(Jdk other) {
    jdk = other;
    return this;
  }

  /** Lets it take so long, where it may be more than five minutes. */
  public Program within(Duration most) {
    limit = most;
    return this;
  }

  /** Attaches the agent, with settings that are written into a file in the folder. */
  public Program attached(String settings) throws IOException {
    Path file = folder.resolve("monitor.yaml");
    Files.writeString(file, settings);
    return with("-javaagent:" + AGENT + "=" + file);
  }

  /** Adds an option of the virtual machine. */
  public Program with(String option) {
    options.add(option);
    return this;
  }

  /** Runs something else: {@code -jar} and a file, or {@code -cp}, a class path and a class. */
  public Program running(String... launched) {
    target = List.of(launched);
    return this;
  }

  /** The class path of programs: DJL with an engine, the test's own classes, and the examples. */
  public static String classPath() {
    return classPath(entry -> !isOurs(entry));
  }

  /** The class path of programs that have all that the tests have. */
  public static String classPathWithOurs() {
    return classPath(entry -> true);
  }

  private static String classPath(Predicate<Path> isIncluded) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(isIncluded)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path classes() {
    try {
      return Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOurs(Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith("latentgauge-") && !name.startsWith("latentgauge-examples-");
  }

  Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.addAll(options);
    command.addAll(target);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(output().toFile())
        .redirectError(errors().toFile())
        .start();
  }

  /** Runs to the end. */
  public Result run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the program does not end: " + result(-1));
    }
    return result(process.exitValue());
  }

  private Result result(int status) throws IOException {
    return new Result(status, read(output()), read(errors()));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private Path output() {
    return folder.resolve("output.log");
  }

  private Path errors() {
    return folder.resolve("errors.log");
  }
}
