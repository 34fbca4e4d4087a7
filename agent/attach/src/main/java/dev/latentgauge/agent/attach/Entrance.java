package dev.latentgauge.agent.attach;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Lets the agent in, into a class loader of its own; once in a process. */
final class Entrance {

  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private Entrance() {}

  /** Starts the agent, see {@code Premain}. */
  static void open(@Nullable String arguments, Instrumentation instrumentation) {
    if (STARTED.getAndSet(true)) {
      Console.say(
          "the agent is there twice; the first one is at work, and " + arguments + " is left out");
      return;
    }
    try {
      URL jar = Entrance.class.getProtectionDomain().getCodeSource().getLocation();
      new IsolatedLoader(jar, ClassLoader.getPlatformClassLoader())
          .loadClass(Entrance.class.getPackageName() + ".Agent")
          .getMethod("start", String.class, Instrumentation.class, URL.class)
          .invoke(null, arguments, instrumentation, jar);
    } catch (Throwable e) {
      Throwable reason = e instanceof InvocationTargetException ? e.getCause() : e;
      Console.say("the agent cannot start, nothing is monitored: " + reason);
    }
  }
}
