package dev.latentgauge.benchmarks;

import java.util.Arrays;

/** What a benchmark is told on its command line. */
final class Arguments {

  private Arguments() {}

  /** The numbers of a command line, or those that are meant if there are none. */
  static int[] numbers(String[] arguments, int... defaults) {
    return arguments.length == 0
        ? defaults
        : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
  }

  /**
   * The number of {@code --seconds}, above 0, or that which is meant if there is none.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static double seconds(String[] arguments, double usual) {
    return arguments.length == 0 ? usual : seconds(arguments);
  }

  static double seconds(String... arguments) {
    String given = String.join(" ", arguments);
    if (!given.matches("--seconds [0-9]{0,6}\\.?[0-9]{1,6}")) {
      throw new IllegalArgumentException(
          "the options must be none or --seconds N, but are " + given);
    }
    double seconds = Double.parseDouble(arguments[1]);
    if (seconds <= 0) {
      throw new IllegalArgumentException("--seconds must be above 0, but is " + seconds);
    }
    return seconds;
  }
}
