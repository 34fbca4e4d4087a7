package dev.latentgauge.agent.attach;

/** Ends a program that shall not train without its monitor: where the settings are strict. */
final class NotMonitoredException extends IllegalStateException {

  NotMonitoredException(String reason, Throwable cause) {
    super(
        "the training cannot be monitored, and strict is true in the settings of Latentgauge: "
            + reason,
        cause);
  }
}
