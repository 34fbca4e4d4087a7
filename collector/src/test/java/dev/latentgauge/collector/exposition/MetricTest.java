package dev.latentgauge.collector.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {

  @ParameterizedTest
  @EnumSource(Metric.class)
  void isNamedAsPrometheusWantsIt(Metric metric) {
    assertThat(metric.exposedName()).matches("latentgauge_[a-z_]*[a-z]");
    assertThat(metric.exposedName().endsWith("_total"))
        .isEqualTo(metric.type() == Metric.Type.COUNTER);
    assertThat(metric.exposedName().endsWith("_info")).isEqualTo(metric.type() == Metric.Type.INFO);
    assertThat(metric.help()).matches("[A-Z0-9].*\\.");
  }

  @Test
  void itsUnitIsTheEndOfItsName() {
    assertThat(Metric.OVERHEAD.metadata().getUnit()).isEqualTo(Unit.RATIO);
    assertThat(Metric.PROBE_DURATION.metadata().getUnit()).isEqualTo(Unit.SECONDS);
    assertThat(Metric.SCORE.metadata().hasUnit()).isFalse();
    assertThat(Metric.AGENT_FAILURES.metadata().getName()).isEqualTo("latentgauge_agent_failures");
  }
}
