package dev.latentgauge.benchmarks;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark ran on.
 *
 * @param processor what it calls itself
 * @param cores how many the Java virtual machine sees
 * @param gibibytes of main memory
 * @param system the operating system
 * @param java the Java virtual machine
 * @param gpu what the driver calls that of the engine; null without one
 */
record Machine(
    String processor, int cores, long gibibytes, String system, String java, @Nullable String gpu) {

  static Machine current() {
    return new Machine(
        value(Path.of("/proc/cpuinfo"), "model name", ':', System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Math.round(
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
                / (double) (1 << 30)),
        value(Path.of("/etc/os-release"), "PRETTY_NAME", '=', System.getProperty("os.name")),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        gpuOfEngine());
  }

  private static @Nullable String gpuOfEngine() {
    if (!isGpuUsed()) {
      return null;
    }
    String visible = System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "").split(",", 2)[0];
    try {
      return said(
              "nvidia-smi",
              "--query-gpu=name",
              "--format=csv,noheader",
              "--id=" + (visible.isEmpty() ? "0" : visible))
          .strip();
    } catch (IOException e) {
      return "a GPU without a name";
    }
  }

  /**
   * Whether the engine computes on a GPU unless it is told otherwise.
   *
   * @throws IllegalStateException if it should, as {@code tests/gpu.sh} says, but does not
   */
  static boolean isGpuUsed() {
    boolean isGpu = Engine.getInstance().defaultDevice().isGpu();
    if (!isGpu && System.getenv("LATENTGAUGE_GPU") != null) {
      throw new IllegalStateException(
          "the engine must compute on a GPU, but finds none; DJL looks for CUDA's libcudart");
    }
    return isGpu;
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
    Matcher number = Pattern.compile("\\d+\\.\\d[\\w.+~-]*").matcher(said(command));
    return number.find() ? number.group() : "unknown";
  }

  private static String said(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command[0] + " says " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
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
        + java
        + (gpu == null ? "" : ", " + gpu);
  }
}
