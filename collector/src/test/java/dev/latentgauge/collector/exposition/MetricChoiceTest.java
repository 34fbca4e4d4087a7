package dev.latentgauge.collector.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricChoiceTest {

  private static List<Metric> ofRuns(String... patterns) {
    MetricChoice choice = MetricChoice.parse(List.of(patterns));
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.labels().contains("run") && choice.has(metric))
        .toList();
  }

  @Test
  void unlessSomethingIsSaidAllAreChosen() {
    assertThat(ofRuns()).hasSizeGreaterThan(20).isEqualTo(ofRuns("latentgauge_*"));
  }

  @Test
  void whatIsNamedIsChosenAlone() {
    assertThat(ofRuns("latentgauge_score", "latentgauge_run_*"))
        .containsExactly(
            Metric.SCORE, Metric.RUN_INFO, Metric.RUN_STATE, Metric.RUN_STOP_DIRECTIVE);
  }

  @Test
  void whatIsNotWantedIsTakenFromTheOthers() {
    assertThat(ofRuns("-latentgauge_agent_*", "-latentgauge_linear_cka"))
        .contains(Metric.SCORE)
        .doesNotContain(Metric.AGENT_FAILURES, Metric.AGENT_SPOOLED_REPORTS, Metric.LINEAR_CKA)
        .hasSize(ofRuns().size() - 4);
    assertThat(ofRuns("latentgauge_score*", "-latentgauge_score_standard_error"))
        .containsExactly(Metric.SCORE, Metric.SCORE_FLOOR, Metric.SCORE_CEILING);
  }

  @Test
  void whatTheCollectorSaysOfItselfIsAlwaysChosen() {
    assertThat(MetricChoice.parse(List.of("latentgauge_score")).has(Metric.COLLECTOR_REJECTED))
        .isTrue();
  }

  @Test
  void namesThatAreNoneAreSaidAllAtOnceWithThoseThatAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MetricChoice.parse(
                    List.of(
                        "latentgauge_scor",
                        "latentgauge_score",
                        "-jvm_*",
                        "",
                        "latentgauge_collector_runs")))
        .withMessageStartingWith(
            "metrics must be names, or beginnings of names followed by *, of latentgauge_similarity,")
        .withMessageContaining(", latentgauge_run_info,")
        .withMessageEndingWith(
            "but there is none for latentgauge_scor, -jvm_*, , latentgauge_collector_runs");
  }
}
