package dev.latentgauge.cli;

/** How the program logs: one line each on the standard error stream, with the time. */
final class Logging {

  private static final String SIMPLE = "org.slf4j.simpleLogger.";

  private Logging() {}

  /** Must come before the first logger is made; what the user set by {@code -D} stays. */
  static void configure() {
    setUnlessSet(SIMPLE + "showDateTime", "true");
    setUnlessSet(SIMPLE + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    setUnlessSet(SIMPLE + "showThreadName", "false");
    setUnlessSet(SIMPLE + "showShortLogName", "true");
    setUnlessSet(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    // Vert.x registers gauges twice, harmlessly: vert-x3/vertx-micrometer-metrics#259
    setUnlessSet(SIMPLE + "log.io.micrometer.core.instrument.MeterRegistry", "error");
    // Who connects while the collector shuts down is turned away, which Netty finds alarming.
    setUnlessSet(SIMPLE + "log.io.netty.bootstrap.ServerBootstrap", "error");
    // What the engine tells of itself is of no use to who asked for a number.
    setUnlessSet(SIMPLE + "log.ai.djl", "warn");
    setUnlessSet(SIMPLE + "log.com.zaxxer.hikari", "warn");
    setUnlessSet(SIMPLE + "log.org.flywaydb", "warn");
    // A machine may well have CUDA's library and no GPU.
    setUnlessSet(SIMPLE + "log.ai.djl.util.cuda.CudaUtils", "error");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
