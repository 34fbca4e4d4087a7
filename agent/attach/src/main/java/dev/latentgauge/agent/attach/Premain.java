package dev.latentgauge.agent.attach;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Where the virtual machine enters: {@code java -javaagent:latentgauge-agent.jar=monitor.yaml ...}.
 *
 * <p>The one class that an older Java can load, to be told so: a program would not start otherwise.
 */
public final class Premain {

  private static final int OLDEST_JAVA = 17;

  private Premain() {}

  /**
   * Starts the agent. Never throws: whatever goes wrong is said on standard error, and the program
   * runs as it would without it.
   *
   * @param arguments the file of settings
   * @param instrumentation changes classes while they are loaded
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    int java = Runtime.version().feature();
    if (java < OLDEST_JAVA) {
      System.err.println(
          "latentgauge: the agent is for Java "
              + OLDEST_JAVA
              + " and later, but this is "
              + java
              + "; nothing is monitored");
      return;
    }
    Entrance.open(arguments, instrumentation);
  }
}
