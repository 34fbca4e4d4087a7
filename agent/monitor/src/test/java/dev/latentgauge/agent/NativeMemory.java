package dev.latentgauge.agent;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;

/**
 * Memory of this process outside the heap of Java, as glibc counts it.
 *
 * <p>The engine takes the memory of its arrays from glibc. Its count knows nothing of the heap, of
 * classes and of pages that are kept for later, which make the size of a process rise and fall by a
 * megabyte for no reason of ours.
 */
final class NativeMemory {

  /** Of glibc 2.33 or later. */
  private interface C extends Library {
    Information.ByValue mallinfo2();
  }

  /** {@code struct mallinfo2}: in the order of the C header, all of them {@code size_t}. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static class Information extends Structure {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;

    /** As the function returns it. */
    public static final class ByValue extends Information implements Structure.ByValue {}
  }

  private static final C C_LIBRARY = Native.load("c", C.class);

  private NativeMemory() {}

  /** The bytes that have been allocated and not been freed, after those of garbage have been. */
  static long bytes() {
    System.gc();
    return allocated();
  }

  /**
   * These bytes once the compilers of the virtual machine have done their work, for which they hold
   * tens of megabytes, and have given those back, which it sees to every five seconds: once nothing
   * of that size has come or gone for six.
   */
  static long settledBytes() throws InterruptedException {
    long bytes = bytes();
    int unchanged = 0;
    while (unchanged < 60) {
      Thread.sleep(100); // The compilers tell nobody when they are done.
      long now = allocated();
      unchanged = Math.abs(now - bytes) < 500_000 ? unchanged + 1 : 0;
      bytes = now;
    }
    return bytes;
  }

  private static long allocated() {
    Information information = C_LIBRARY.mallinfo2();
    return information.uordblks + information.hblkhd;
  }
}
