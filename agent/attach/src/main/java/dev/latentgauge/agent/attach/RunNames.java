package dev.latentgauge.agent.attach;

import dev.latentgauge.agent.TimeSource;
import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.RunInfo;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * Names of the runs of a process: the first as it is given, {@code lr-0.01}, the others {@code
 * lr-0.01-2} and so on. Without one it is made up of the program's main class, the time and the
 * number of the process, so that it is another at every start.
 */
final class RunNames {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_PROGRAM = 64;

  private final RunInfo first;
  private final IntSupplier numbers;

  private RunNames(RunInfo first, IntSupplier numbers) {
    this.first = first;
    this.numbers = numbers;
  }

  /**
   * Names of runs.
   *
   * @param run what all have in common
   * @param isNamed whether it has the name of the first
   * @param numbers counts the runs of the process, from 1
   */
  static RunNames of(RunInfo run, boolean isNamed, IntSupplier numbers) {
    return new RunNames(isNamed ? run : named(run, madeUp()), numbers);
  }

  private static String madeUp() {
    return program(System.getProperty("sun.java.command", "training"))
        + "-"
        + TIME.format(TimeSource.system().instant())
        + "-"
        + ProcessHandle.current().pid();
  }

  /** The simple name of a class, or of a jar. */
  static String program(String command) {
    String file = command.split(" ", 2)[0].replaceFirst(".*[/\\\\]", "");
    String name =
        (file.endsWith(".jar")
                ? file.substring(0, file.length() - ".jar".length())
                : file.substring(file.lastIndexOf('.') + 1))
            .replaceAll("[^A-Za-z0-9_-]", "_");
    return name.isEmpty()
        ? "training"
        : name.substring(0, Math.min(name.length(), LONGEST_PROGRAM));
  }

  /** The run of the next trainer. */
  RunInfo next() {
    int number = numbers.getAsInt();
    if (number == 1) {
      return first;
    }
    String suffix = "-" + number;
    String name = first.name();
    return named(
        first,
        name.substring(0, Math.min(name.length(), Names.LONGEST - suffix.length())) + suffix);
  }

  private static RunInfo named(RunInfo run, String name) {
    return new RunInfo(
        name,
        run.attempt(),
        run.model(),
        run.dataset(),
        run.tags(),
        run.startedAt(),
        run.command());
  }
}
