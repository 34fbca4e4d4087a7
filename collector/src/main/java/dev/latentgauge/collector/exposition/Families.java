package dev.latentgauge.collector.exposition;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Gathers the values of metrics during one scrape; a metric without a value is left out. */
final class Families {

  private final MetricChoice choice;
  private final Map<Metric, List<Value>> values = new EnumMap<>(Metric.class);

  /** None yet; what is not chosen will be left out. */
  Families(MetricChoice choice) {
    this.choice = choice;
  }

  /** A value with its labels; {@code count} matters to summaries alone. */
  private record Value(Labels labels, double number, long count) {}

  void add(Metric metric, Labels labels, double number) {
    add(metric, new Value(labels, number, 0));
  }

  /** Prometheus knows no integers: above 2^53 the last digits are lost. */
  void add(Metric metric, Labels labels, long number) {
    add(metric, labels, (double) number);
  }

  void add(Metric metric, Labels labels, OptionalDouble number) {
    number.ifPresent(value -> add(metric, labels, value));
  }

  void addSummary(Metric metric, long count, double sum) {
    add(metric, new Value(Labels.EMPTY, sum, count));
  }

  private void add(Metric metric, Value value) {
    if (!choice.has(metric)) {
      return;
    }
    values.computeIfAbsent(metric, key -> new ArrayList<>()).add(value);
  }

  MetricSnapshots build() {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    values.forEach((metric, points) -> snapshots.metricSnapshot(snapshot(metric, points)));
    return snapshots.build();
  }

  private static MetricSnapshot snapshot(Metric metric, List<Value> points) {
    return switch (metric.type()) {
      case GAUGE ->
          new GaugeSnapshot(metric.metadata(), points.stream().map(Families::gauge).toList());
      case COUNTER ->
          new CounterSnapshot(metric.metadata(), points.stream().map(Families::counter).toList());
      case INFO ->
          new InfoSnapshot(
              metric.metadata(),
              points.stream().map(point -> new InfoDataPointSnapshot(point.labels)).toList());
      case SUMMARY ->
          new SummarySnapshot(metric.metadata(), points.stream().map(Families::summary).toList());
    };
  }

  private static GaugeDataPointSnapshot gauge(Value point) {
    return new GaugeDataPointSnapshot(point.number, point.labels, null);
  }

  private static CounterDataPointSnapshot counter(Value point) {
    return new CounterDataPointSnapshot(point.number, point.labels, null, 0);
  }

  private static SummaryDataPointSnapshot summary(Value point) {
    return new SummaryDataPointSnapshot(
        point.count, point.number, Quantiles.EMPTY, point.labels, Exemplars.EMPTY, 0);
  }
}
