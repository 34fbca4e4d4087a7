package dev.latentgauge.collector.exposition;

import static dev.latentgauge.collector.Observations.key;
import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.scoredAnd;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Undefined;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunFamiliesTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final String ENCODER =
      "{layer=\"encoder\",reference=\"good@0123456789ab\",run=\"a\"} ";

  @Test
  void exposesAllThatAnObservationSays() {
    Observation full =
        scoredAnd(1, "encoder", 300, 0.5)
            .epoch(1.5)
            .scoreFloor(OptionalDouble.of(-0.125))
            .scoreCeiling(OptionalDouble.of(0.875))
            .gaugedScore(OptionalDouble.of(0.625))
            .probeSeconds(OptionalDouble.of(0.25))
            .overheadRatio(OptionalDouble.of(0.01))
            .overheadBudgetRatio(OptionalDouble.of(0.02))
            .training(new Observation.TrainingState(OptionalDouble.of(40), OptionalDouble.of(1024)))
            .companions(
                new Companions(
                    OptionalDouble.of(0.25),
                    OptionalDouble.of(7),
                    OptionalDouble.of(0.375),
                    OptionalDouble.of(0.75)))
            .predictedAccuracy(Optional.of(new Observation.PredictedAccuracy(0.9, 0.85, 0.95)))
            .evaluations(Map.of("validate_Accuracy", 0.875, "train_loss", 2.5))
            .agent(new Observation.AgentState(1, 2, 3))
            .build();
    assertThat(series(run().observed(List.of(full))))
        .containsExactlyInAnyOrder(
            "latentgauge_similarity" + ENCODER + "0.75",
            "latentgauge_similarity_chance" + ENCODER + "0.5",
            "latentgauge_score" + ENCODER + "0.5",
            "latentgauge_score_standard_error" + ENCODER + "0.0625",
            "latentgauge_score_floor" + ENCODER + "-0.125",
            "latentgauge_score_ceiling" + ENCODER + "0.875",
            "latentgauge_gauged_score_ratio" + ENCODER + "0.625",
            "latentgauge_predicted_accuracy_ratio" + ENCODER + "0.9",
            "latentgauge_predicted_accuracy_ratio_low" + ENCODER + "0.85",
            "latentgauge_predicted_accuracy_ratio_high" + ENCODER + "0.95",
            "latentgauge_linear_cka" + ENCODER + "0.25",
            "latentgauge_effective_rank" + ENCODER + "7.0",
            "latentgauge_neighbour_overlap_ratio" + ENCODER + "0.375",
            "latentgauge_prediction_agreement_ratio" + ENCODER + "0.75",
            "latentgauge_probe_duration_seconds" + ENCODER + "0.25",
            "latentgauge_last_observation_timestamp_seconds" + ENCODER + "1.778051289125E9",
            "latentgauge_undefined_measurements_total" + ENCODER + "0.0",
            "latentgauge_epoch{run=\"a\"} 1.5",
            "latentgauge_step{run=\"a\"} 300.0",
            "latentgauge_evaluation{evaluator=\"validate_Accuracy\",run=\"a\"} 0.875",
            "latentgauge_evaluation{evaluator=\"train_loss\",run=\"a\"} 2.5",
            "latentgauge_overhead_ratio{run=\"a\"} 0.01",
            "latentgauge_overhead_budget_ratio{run=\"a\"} 0.02",
            "latentgauge_training_steps_per_second{run=\"a\"} 40.0",
            "latentgauge_training_device_memory_bytes{run=\"a\"} 1024.0",
            "latentgauge_agent_failures_total{run=\"a\"} 1.0",
            "latentgauge_agent_spooled_reports{run=\"a\"} 2.0",
            "latentgauge_agent_dropped_reports_total{run=\"a\"} 3.0",
            "latentgauge_run_info{attempt=\"1\",run=\"a\"} 1",
            "latentgauge_run_stop_directive{run=\"a\"} 0.0",
            "latentgauge_run_state{run=\"a\",state=\"live\"} 1.0",
            "latentgauge_run_state{run=\"a\",state=\"completed\"} 0.0",
            "latentgauge_run_state{run=\"a\",state=\"stopped\"} 0.0",
            "latentgauge_run_state{run=\"a\",state=\"failed\"} 0.0",
            "latentgauge_run_state{run=\"a\",state=\"lost\"} 0.0");
  }

  @Test
  void aScoreFollowsTheHighestStepAndNotTheLastArrival() {
    Run run = run().observed(List.of(scored(9, 0.75))).observed(List.of(scored(5, 0.25)));
    assertThat(series(run))
        .contains("latentgauge_score" + ENCODER + "0.75", "latentgauge_step{run=\"a\"} 9.0");
  }

  @Test
  void theScoreDisappearsWhenTheNewestMeasurementIsUndefinedAndIsCounted() {
    Run run = run().observed(List.of(scored(5, 0.25), undefined(1, "encoder", 6)));
    assertThat(series(run))
        .noneMatch(line -> line.startsWith("latentgauge_s") && line.contains("layer"))
        .contains(
            "latentgauge_undefined_measurements_total" + ENCODER + "1.0",
            "latentgauge_step{run=\"a\"} 6.0");
    assertThat(series(run.observed(List.of(scored(7, 0.5)))))
        .contains(
            "latentgauge_score" + ENCODER + "0.5",
            "latentgauge_undefined_measurements_total" + ENCODER + "1.0");
  }

  @Test
  void anEndOfTheScaleIsShownWhileTheScoreIsUndefined() {
    Observation undefined =
        Observation.builder(
                key(1, "encoder", 6), NOW, "soft", new Undefined("non-finite embeddings"))
            .scoreCeiling(OptionalDouble.of(0.875))
            .build();
    assertThat(series(run().observed(List.of(scored(5, 0.25), undefined))))
        .filteredOn(line -> line.startsWith("latentgauge_score"))
        .containsExactly("latentgauge_score_ceiling" + ENCODER + "0.875");
  }

  @Test
  void aNewAttemptShowsNothingOfTheOldOne() {
    Run resumed = run().observed(List.of(scored(9, 0.75))).with(RunInfo.named("a").withAttempt(2));
    assertThat(series(resumed))
        .noneMatch(line -> line.startsWith("latentgauge_score"))
        .noneMatch(line -> line.startsWith("latentgauge_step"));
    assertThat(series(resumed.observed(List.of(scored(2, "encoder", 1, 0.5)))))
        .contains("latentgauge_score" + ENCODER + "0.5", "latentgauge_step{run=\"a\"} 1.0");
    assertThat(series(resumed.observed(List.of(scored(10, 0.9)))))
        .noneMatch(line -> line.startsWith("latentgauge_score"));
  }

  @Test
  void theTagsOfRunsThatDifferStandBesideEachOther() {
    Families families = new Families(MetricChoice.ALL);
    new RunFamilies(families)
        .addAll(
            List.of(
                Run.registered(RunInfo.named("a").tag("weight-decay", "\"1\"\n"), NOW),
                Run.registered(RunInfo.named("b").withModel("cnn").withDataset("trec"), NOW)));
    assertThat(text(families))
        .contains(
            "latentgauge_run_info{attempt=\"1\",run=\"a\",tag_weight_decay=\"\\\"1\\\"\\n\"} 1\n",
            "latentgauge_run_info{attempt=\"1\",dataset=\"trec\",model=\"cnn\",run=\"b\"} 1\n");
  }

  @Test
  void anEndedRunSaysSo() {
    assertThat(series(run().ended(new RunEnd(RunEnd.State.STOPPED, "plateau"), NOW)))
        .contains(
            "latentgauge_run_state{run=\"a\",state=\"live\"} 0.0",
            "latentgauge_run_state{run=\"a\",state=\"stopped\"} 1.0");
  }

  private static Run run() {
    return Run.registered(RunInfo.named("a"), NOW);
  }

  private static List<String> series(Run run) {
    Families families = new Families(MetricChoice.ALL);
    new RunFamilies(families).addAll(List.of(run));
    return text(families).lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static String text(Families families) {
    return ExpositionFormats.init().getPrometheusTextFormatWriter().toDebugString(families.build());
  }
}
