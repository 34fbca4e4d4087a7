package dev.latentgauge.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a benchmark ran on.
 *
 * @param processor what it calls itself
 * @param cores how many the Java virtual machine sees
 * @param gibibytes of main memory
 * @param system the operating system
 * @param java the Java virtual machine
 */
record Machine(String processor, int cores, long gibibytes, String system, String java) {

  static Machine current() {
    return new Machine(
        value(Path.of("/proc/cpuinfo"), "model name", ':', System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Math.round(
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
                / (double) (1 << 30)),
        value(Path.of("/etc/os-release"), "PRETTY_NAME", '=', System.getProperty("os.name")),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  /** The first value of a name in a file of the system; another where there is none. */
  private static String value(Path file, String name, char separator, String otherwise) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream()
          .filter(line -> line.startsWith(name) && line.indexOf(separator) > 0)
          .map(line -> line.substring(line.indexOf(separator) + 1).replace("\"", "").strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }

  /** The first number with a point in what a program says of itself. */
  static String version(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher number = Pattern.compile("\\d+\\.\\d[\\w.+~-]*").matcher(said);
    return number.find() ? number.group() : "unknown";
  }

  String markdown() {
    return processor
        + ", "
        + cores
        + (cores == 1 ? " core, " : " cores, ")
        + gibibytes
        + " GiB, "
        + system
        + ", "
        + java;
  }
}
