package dev.latentgauge.benchmarks;

import dev.latentgauge.tests.Processes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How much memory measurements take, in a process of their own.
 *
 * @param size what is measured
 * @param peakBytes by how much the resident set was larger at the peak of a measurement than
 *     before, the median of some
 * @param growthBytes by how much it was larger after a hundred others than after that one
 */
record MeasurementMemory(MeasurementSize size, long peakBytes, long growthBytes) {

  private static final int OTHERS = 100;
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Where Linux is told to forget the peak so far, by a five. */
  private static final Path FORGET = Path.of("/proc/self/clear_refs");

  /** So many measurements come first, for what the Java virtual machine takes for itself. */
  private static final int WARM_UP = 20;

  /** The median is taken of so many. */
  private static final int WINDOWS = 11;

  /** Measures in a new process, whose heap is filled from the beginning. */
  static MeasurementMemory of(MeasurementSize size) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Processes.java(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                MeasurementMemory.class.getName(),
                Integer.toString(size.probes()),
                Integer.toString(size.anchors()),
                Integer.toString(size.dimensions()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // Every array has pages of its own, which go when it is closed: what the allocator keeps of
    // others for the next would hide it, or count for it, as it happens.
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
    Process process = builder.start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Matcher numbers = Pattern.compile("peak (-?\\d+) growth (-?\\d+)").matcher(printed);
    if (!numbers.find()) {
      throw new IOException("the memory of a measurement cannot be found out: " + printed);
    }
    return new MeasurementMemory(
        size, Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
  }

  /**
   * Measures in this process.
   *
   * @param arguments probes, anchors and dimensions
   * @throws IOException if this is not Linux
   */
  public static void main(String[] arguments) throws IOException {
    List<Integer> numbers = List.of(arguments).stream().map(Integer::valueOf).toList();
    MeasurementSize size = new MeasurementSize(numbers.get(0), numbers.get(1), numbers.get(2));
    try (MeasurementArms arms = new MeasurementArms(size, true)) {
      List<Long> peaks = new ArrayList<>();
      for (int i = 0; i < WARM_UP + WINDOWS; i++) {
        long peak = peak(arms);
        if (i >= WARM_UP) {
          peaks.add(peak);
        }
      }
      long after = resident();
      for (int i = 0; i < OTHERS; i++) {
        arms.measurement();
      }
      long growth = resident() - after;
      System.out.println("peak " + (long) Quantiles.median(peaks) + " growth " + growth);
    }
  }

  private static long peak(MeasurementArms arms) throws IOException {
    long before = resident();
    Files.writeString(FORGET, "5");
    arms.measurement();
    return bytes("VmHWM") - before;
  }

  /** What is in memory once what was freed is given back to the operating system. */
  private static long resident() throws IOException {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[] {},
              new String[] {});
    } catch (JMException e) {
      throw new IOException("the native heap cannot be trimmed; it can from Java 17.0.9 on", e);
    }
    return bytes("VmRSS");
  }

  private static long bytes(String name) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IOException(STATUS + " must have " + name + ", but has not"));
  }

  /** The peak as a multiple of what the n·k cosines take in float32. */
  double timesCosines() {
    return peakBytes / (4.0 * size.probes() * size.anchors());
  }
}
