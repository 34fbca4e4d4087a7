package dev.latentgauge.cli;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM and SIGINT (Ctrl-C) do to a service: the first ends it in good order, the second at
 * once.
 *
 * <p>Without this the JVM would do the first from a shutdown hook, ignore the second, and exit with
 * 143 in any case. Signals that the process was told to ignore stay ignored, as under {@code
 * nohup}; where the JVM keeps the signals to itself ({@code -Xrs}), nothing changes.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final Map<String, Integer> NUMBERS = Map.of("TERM", 15, "INT", 2);

  /** What shells make of a signal that ended a process: this, and its number. */
  private static final int BY_SIGNAL = 128;

  private final Runnable end;
  private final Duration deadline;
  private final AtomicBoolean ending = new AtomicBoolean();

  private Signals(Runnable end, Duration deadline) {
    this.end = end;
    this.deadline = deadline;
  }

  /**
   * Ends something by signals from now on.
   *
   * @param end ends it, so that the program comes to its end
   * @param deadline after which the process ends even if that did not
   */
  static void end(Runnable end, Duration deadline) {
    Signals signals = new Signals(end, deadline);
    NUMBERS.forEach(signals::handle);
  }

  private void handle(String name, int number) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> {
                received(name, number);
                return null;
              });
      Object signal = type.getConstructor(String.class).newInstance(name);
      type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("SIG{} is left to the JVM", name, e);
    }
  }

  private void received(String name, int number) {
    if (ending.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> halt("it did not end in time", 1));
      LOG.info("told to end by SIG{}", name);
      end.run();
    } else {
      halt("it was told again, by SIG" + name, BY_SIGNAL + number);
    }
  }

  private static void halt(String reason, int code) {
    LOG.warn("ended at once: {}", reason);
    Runtime.getRuntime().halt(code);
  }
}
