package dev.latentgauge.collector.exposition;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Metrics of {@link Metric} that say something of the process, whatever it does. */
public final class ProcessFamilies implements MultiCollector {

  private final String version;
  private final EventLoopDelay eventLoop;

  /**
   * Metrics of a process.
   *
   * @param version the version that runs
   * @param eventLoop how late its event loop is
   */
  public ProcessFamilies(String version, EventLoopDelay eventLoop) {
    this.version = version;
    this.eventLoop = eventLoop;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families(MetricChoice.ALL);
    families.add(Metric.COLLECTOR_BUILD_INFO, Labels.of("version", version), 1);
    families.addSummary(
        Metric.COLLECTOR_EVENT_LOOP_DELAY,
        eventLoop.delays().count(),
        eventLoop.delays().sumSeconds());
    return families.build();
  }
}
