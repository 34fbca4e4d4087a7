package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/**
 * What the blocks of a model answer while they run, where somebody tells.
 *
 * <p>DJL tells nobody: a forward pass of its own ends where its code ends. But all blocks that are
 * derived from {@link ai.djl.nn.AbstractBaseBlock} pass its {@code forward}, and who can change
 * that class when it is loaded, as a Java agent does, makes it call {@link #answered}, and says so
 * once by {@link #areTold}. From then on a {@link Layer} can be any such block inside any other.
 *
 * <p>Thread-safe. A call costs a look at a thread-local variable where no pass is under way.
 */
public final class BlockOutputs {

  /** Is told what blocks answer. */
  interface Watcher {
    void answered(Block block, NDList output);
  }

  private static final ThreadLocal<@Nullable Watcher> WATCHER = new ThreadLocal<>();
  private static volatile boolean told;

  private BlockOutputs() {}

  /** Says that {@link #answered} will be called from now on, whenever a block has run. */
  public static void areTold() {
    areTold(true);
  }

  /** Says whether {@link #answered} will be called; only tests take back that it will. */
  static void areTold(boolean isSo) {
    told = isSo;
  }

  /** Whether {@link #answered} is called. */
  static boolean areKnown() {
    return told;
  }

  /**
   * Takes what a block has answered. To be called on the thread that runs the block, before its
   * caller has the output; what this throws must reach that caller, by which a pass ends early.
   *
   * @param block the block
   * @param output what it answers; only looked at
   */
  public static void answered(Block block, NDList output) {
    Watcher watcher = WATCHER.get();
    if (watcher != null) {
      watcher.answered(block, output);
    }
  }

  /** Runs something, and tells a watcher what the blocks in it answer on this thread. */
  static void watch(Watcher watcher, Runnable pass) {
    WATCHER.set(watcher);
    try {
      pass.run();
    } finally {
      WATCHER.remove();
    }
  }
}
