package dev.latentgauge.examples.study.task;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.examples.study.task.TrecPlan.Input;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrecPlanTest {

  private static final List<TrecPlan> PLANS = TrecPlan.all(Scale.REPORT, 3_835);

  @ParameterizedTest
  @EnumSource
  void namesAreUniqueAndReferencesComeFirst(Scale scale) {
    Set<String> names = new HashSet<>();
    Set<String> references = new HashSet<>();
    for (Run run : TrecPlan.all(scale, 3_835).stream().map(TrecPlan::run).toList()) {
      assertThat(names.add(run.name())).as(run.name()).isTrue();
      if (run.role() == Role.REFERENCE) {
        references.add(run.name());
      }
      assertThat(references).as(run.name()).contains(run.reference());
      assertThat(run.settings()).containsKeys("architecture", "seed");
    }
    assertThat(references).containsExactlyInAnyOrder("reference-minilm", "reference-e5");
  }

  @Test
  void thereAreAsManyRunsAsPromised() {
    assertThat(runs(TrecPlan.all(Scale.SMOKE, 3_835))).hasSize(3);
    assertThat(runs(PLANS)).hasSize(96);
    assertThat(runs(TrecPlan.all(Scale.FULL, 3_835))).hasSize(192).containsAll(runs(PLANS));
  }

  @Test
  void halfTheRunsOnAnEncoderAreComparedWithTheOtherOne() {
    for (Input input : List.of(Input.MINILM, Input.E5)) {
      assertThat(
              runs(PLANS).stream()
                  .filter(plan -> plan.input() == input)
                  .collect(groupingBy(TrecPlan::reference, counting())))
          .hasSize(2)
          .containsEntry("reference-minilm", 16L)
          .containsEntry("reference-e5", 16L);
    }
  }

  @Test
  void eachAmountOfDataAndNoiseMeetsEachReferenceOnEachInput() {
    assertThat(
            runs(PLANS).stream()
                .collect(
                    groupingBy(
                        plan ->
                            List.of(
                                plan.questions(),
                                plan.wrongLabels(),
                                plan.reference(),
                                plan.input() == Input.WINDOWS ? Input.WORDS : plan.input()),
                        counting())))
        .hasSize(4 * 3 * 2 * 3)
        .allSatisfy((cell, count) -> assertThat(count).isEqualTo(cell.get(1).equals(0.0) ? 2 : 1));
  }

  @Test
  void bothKindsOfNetworkThatLearnWordsMeetEachAmountOfDataWithAndWithoutNoise() {
    assertThat(
            runs(PLANS).stream()
                .filter(plan -> plan.input() == Input.WORDS || plan.input() == Input.WINDOWS)
                .collect(
                    groupingBy(
                        plan -> List.of(plan.input(), plan.questions(), plan.wrongLabels() > 0),
                        counting())))
        .hasSize(2 * 4 * 2)
        .allSatisfy((cell, count) -> assertThat(count).isEqualTo(2));
  }

  @Test
  void eachReferenceHasOneOfEveryOtherRole() {
    for (Role role : EnumSet.complementOf(EnumSet.of(Role.RUN))) {
      assertThat(PLANS.stream().filter(plan -> plan.role() == role).map(TrecPlan::reference))
          .as(role.name())
          .containsExactlyInAnyOrder("reference-minilm", "reference-e5");
    }
  }

  @Test
  void allRunsMakeAsManyUpdates() {
    assertThat(runs(PLANS)).extracting(TrecPlan::steps).containsOnly(600);
    assertThat(Classification.recordedSteps(600)).hasSize(16).startsWith(0).endsWith(600);
  }

  private static List<TrecPlan> runs(List<TrecPlan> plans) {
    return plans.stream().filter(plan -> plan.role() == Role.RUN).toList();
  }
}
