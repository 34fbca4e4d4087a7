package dev.latentgauge.collector.exposition;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;

/** What the process reports of itself: the JVM, and through {@link #registry} Vert.x. */
public final class ProcessMeters implements AutoCloseable {

  /** Meters that would be exposed under names that {@code promtool check metrics} rejects. */
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "DELETE");

  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics garbageCollector = new JvmGcMetrics();

  /**
   * Binds the JVM's meters.
   *
   * @param prometheus where they are exposed
   */
  public ProcessMeters(PrometheusRegistry prometheus) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
    registry
        .config()
        .meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())))
        .meterFilter(MeterFilter.replaceTagValues("method", ProcessMeters::knownMethod));
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    garbageCollector.bindTo(registry);
  }

  /** Clients may invent methods, but not series. */
  private static String knownMethod(String method) {
    return METHODS.contains(method) ? method : "other";
  }

  /**
   * Where more meters of the process belong.
   *
   * @return the registry
   */
  public MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    garbageCollector.close();
    registry.close();
  }
}
