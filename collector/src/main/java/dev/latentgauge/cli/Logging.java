package dev.latentgauge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * How the program logs: one line each on the standard error stream, with the time.
 *
 * <p>{@code -Dlatentgauge.log.NAME=LEVEL} sets the level of one logger. Whoever wants all of it
 * otherwise names a file of Logback's by {@code -Dlogback.configurationFile}, and nothing is done
 * here.
 */
final class Logging {

  private static final String OURS = "dev.latentgauge";
  private static final String LEVEL_OF = "latentgauge.log.";

  private static final Map<String, Level> SILENCED =
      Map.of(
          // Vert.x registers gauges twice, harmlessly: vert-x3/vertx-micrometer-metrics#259
          "io.micrometer.core.instrument.MeterRegistry", Level.ERROR,
          // Who connects while the collector shuts down is turned away, which Netty finds alarming.
          "io.netty.bootstrap.ServerBootstrap", Level.ERROR,
          // What the engine tells of itself is of no use to who asked for a number.
          "ai.djl", Level.WARN,
          // What becomes of connections is told by who uses them.
          "com.zaxxer.hikari", Level.WARN,
          "org.flywaydb", Level.WARN,
          // It says at every try that a broker is away, which we say once.
          "org.apache.kafka", Level.ERROR,
          // A machine may well have CUDA's library and no GPU.
          "ai.djl.util.cuda.CudaUtils", Level.ERROR);

  private Logging() {}

  /** Must come before the first use of Vert.x. */
  static void configure() {
    if (System.getProperty("vertx.logger-delegate-factory-class-name") == null) {
      System.setProperty(
          "vertx.logger-delegate-factory-class-name",
          "io.vertx.core.logging.SLF4JLogDelegateFactory");
    }
    configure(LogFormat.TEXT, LogLevel.INFO);
  }

  /** Logs in another way from now on. */
  static void configure(LogFormat format, LogLevel level) {
    if (System.getProperty("logback.configurationFile") == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, format, level);
    }
  }

  static void configure(LoggerContext context, LogFormat format, LogLevel level) {
    context.reset();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.libraries());
    root.addAppender(console(context, format));
    context.getLogger(OURS).setLevel(level.ours());
    SILENCED.forEach((name, least) -> context.getLogger(name).setLevel(least));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith(LEVEL_OF))
        .forEach(
            name ->
                context
                    .getLogger(name.substring(LEVEL_OF.length()))
                    .setLevel(Level.toLevel(System.getProperty(name), Level.INFO)));
  }

  /** How often something is logged, by level; as long as the process lives. */
  static MeterBinder meters() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? new LogbackMetrics(Tags.empty(), context)
        : registry -> {};
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, LogFormat format) {
    Layout<ILoggingEvent> layout = format == LogFormat.JSON ? new JsonLayout() : new TextLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
