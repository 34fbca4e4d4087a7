package dev.latentgauge.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is in use, natively or not. */
final class ResidentMemory {

  private ResidentMemory() {}

  /** The bytes that are left after the heap has been emptied. */
  static long bytes() throws IOException {
    System.gc();
    String[] fields = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
    return Long.parseLong(fields[1]) * 4096;
  }
}
