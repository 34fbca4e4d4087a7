package dev.latentgauge.agent;

/**
 * Tells whether a trainer is closed by nobody but the virtual machine.
 *
 * <p>DJL closes a trainer that is not used any more in a finalizer: beside whatever the program
 * does by then, which may train the same model on, or save it.
 */
public final class FinalizerThread {

  private FinalizerThread() {}

  /**
   * Whether this is a thread that runs finalizers.
   *
   * @return true if what calls this is not called by the program
   */
  public static boolean isCurrent() {
    String name = Thread.currentThread().getName();
    return name.equals("Finalizer") || name.equals("Secondary finalizer");
  }
}
