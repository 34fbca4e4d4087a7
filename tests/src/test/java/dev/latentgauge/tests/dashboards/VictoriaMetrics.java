package dev.latentgauge.tests.dashboards;

import dev.latentgauge.collector.Ports;
import dev.latentgauge.tests.Processes;
import dev.latentgauge.tests.PrometheusServer;
import java.io.IOException;
import java.nio.file.Path;

/** A real VictoriaMetrics, which answers as Prometheus does. */
final class VictoriaMetrics {

  private VictoriaMetrics() {}

  static PrometheusServer start(Processes processes, Path folder) throws IOException {
    String address = "127.0.0.1:" + Ports.free();
    Process process =
        processes.start(
            "victoria-metrics",
            "victoria-metrics",
            "-httpListenAddr=" + address,
            "-storageDataPath=" + folder.resolve("victoria-metrics"),
            "-search.latencyOffset=1s");
    processes.awaitPrinted("victoria-metrics", process, "(started VictoriaMetrics)");
    return new PrometheusServer("http://" + address);
  }
}
