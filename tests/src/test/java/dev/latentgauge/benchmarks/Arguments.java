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
}
