package dev.latentgauge.tests.javaagent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The oldest and the newest Java that the agent is for. */
public enum Jdk {
  JAVA_17(17),
  JAVA_25(25);

  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  private final int version;

  Jdk(int version) {
    this.version = version;
  }

  /** The program that runs it: that of {@code JAVA_25_HOME}, or one that Debian installs. */
  String java() {
    return Stream.concat(named().stream(), installed().stream())
        .map(home -> home.resolve("bin").resolve("java"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the tests need a Java "
                        + version
                        + ", in "
                        + INSTALLED
                        + " or where JAVA_"
                        + version
                        + "_HOME says, but there is none"))
        .toString();
  }

  private Optional<Path> named() {
    return Optional.ofNullable(System.getenv("JAVA_" + version + "_HOME")).map(Path::of);
  }

  private List<Path> installed() {
    if (!Files.isDirectory(INSTALLED)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(INSTALLED)) {
      return all.filter(home -> home.getFileName().toString().matches(".*-" + version + "\\b.*"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
