package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.agent.report.MicrometerReporter;
import dev.latentgauge.collector.exposition.Metric;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A dashboard works with a collector and with an agent that is scraped itself. */
class MetricNamesTest {

  @Test
  void theAgentsMetersHaveNamesOfTheCollectorsCatalogue() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.throwExceptionOnRegistrationFailure();
    MicrometerReporter reporter = MicrometerReporter.create();
    reporter.bindTo(registry);
    reporter.observed(RunInfo.named("run"), List.of(observation()));

    List<String> catalogue = Arrays.stream(Metric.values()).map(Metric::exposedName).toList();
    List<String> names =
        registry
            .scrape()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst("[{ ].*", ""))
            .distinct()
            .toList();
    assertThat(names).hasSize(25).isSubsetOf(catalogue);
  }

  private static Observation observation() {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@1", 5),
            Instant.EPOCH,
            "soft",
            new Score(0.75, 0.5, 0.5, 0.125, 64, 24))
        .scoreFloor(OptionalDouble.of(0.2))
        .scoreCeiling(OptionalDouble.of(0.7))
        .gaugedScore(OptionalDouble.of(0.6))
        .predictedAccuracy(Optional.of(new PredictedAccuracy(0.7, 0.6, 0.8)))
        .companions(
            new Companions(
                OptionalDouble.of(0.5),
                OptionalDouble.of(12),
                OptionalDouble.of(0.4),
                OptionalDouble.of(0.9)))
        .probeSeconds(OptionalDouble.of(0.25))
        .overheadRatio(OptionalDouble.of(0.01))
        .overheadBudgetRatio(OptionalDouble.of(0.02))
        .training(new Observation.TrainingState(OptionalDouble.of(40), OptionalDouble.of(1024)))
        .evaluations(Map.of("train_loss", 0.5))
        .build();
  }
}
