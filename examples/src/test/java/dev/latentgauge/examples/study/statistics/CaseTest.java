package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaseTest {

  private static final RunCurve GOOD =
      MadeUpCase.run("good", new double[] {0.5, 0.9, 0.8}, new double[] {1, 2, Double.NaN});
  private static final RunCurve BAD = MadeUpCase.run("bad", new double[] {0.1}, new double[] {0});

  @Test
  void aCurveHasWhatWasMeasured() {
    assertThat(GOOD.size()).isEqualTo(3);
    assertThat(GOOD.steps()).containsExactly(1, 2, 3);
    assertThat(GOOD.epochs()).containsExactly(0.1, 0.2, 0.3);
    assertThat(GOOD.accuracies()).containsExactly(0.5, 0.9, 0.8);
    assertThat(GOOD.values("m")).containsExactly(1, 2, Double.NaN);
    assertThat(GOOD.lastAccuracy()).isEqualTo(0.8);
    assertThat(GOOD.bestAccuracy()).isEqualTo(0.9);
  }

  @Test
  void whoChangesAnArrayDoesNotChangeTheCurve() {
    GOOD.values("m")[0] = 17;
    GOOD.accuracies()[0] = 17;
    GOOD.steps()[0] = 17;

    assertThat(GOOD.values("m")[0]).isEqualTo(1);
    assertThat(GOOD.accuracies()[0]).isEqualTo(0.5);
    assertThat(GOOD.steps()[0]).isEqualTo(1);
  }

  @Test
  void aPointWithoutAValueIsUndefinedThere() {
    RunCurve run =
        RunCurve.of(
            "r", Map.of(), List.of("m", "n"), List.of(MadeUpCase.point(1, 0.5, Map.of("n", 2.0))));

    assertThat(run.values("m")).containsExactly(Double.NaN);
    assertThat(run.values("n")).containsExactly(2);
  }

  @Test
  void someRunsOfACaseAreACase() {
    Case both = MadeUpCase.of(GOOD, BAD);

    assertThat(both.where(run -> run.lastAccuracy() > 0.5).runs()).containsExactly(GOOD);
    assertThat(both.where(run -> false).runs()).isEmpty();
  }

  @Test
  void runsOfACaseHaveItsMeasuresAndDifferentNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Case("c", List.of("other"), List.of(GOOD)))
        .withMessage(
            "the runs of case \"c\" must have the measures [other], but run \"good\" has [m]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MadeUpCase.of(GOOD, GOOD))
        .withMessage(
            "the runs of case \"made up\" must have different names, but two are called \"good\"");
  }

  @Test
  void stepsRise() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RunCurve.of(
                    "r",
                    Map.of(),
                    List.of(),
                    List.of(MadeUpCase.point(5, 0, Map.of()), MadeUpCase.point(5, 0, Map.of()))))
        .withMessage("the steps of a run must rise, but in r step 5 follows 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunCurve.of("r", Map.of(), List.of(), List.of()))
        .withMessage("a run must have at least one observation, but r has none");
  }

  @Test
  void namesDoNotBreakTheTable() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Case("c", List.of("a,b"), List.of()))
        .withMessageContaining("but is \"a,b\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Case("c", List.of("a", "a"), List.of()))
        .withMessage("the names of measures and columns must differ, but is \"a\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Case("c", List.of("step"), List.of()))
        .withMessageContaining("step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> named("a b", Map.of()))
        .withMessage("the name of a run must be of [A-Za-z0-9._-], but is \"a b\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> named("r", Map.of("width", "1;2")))
        .withMessageContaining("width");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> named("r", Map.of("wi=dth", "1")))
        .withMessageContaining("wi=dth");
  }

  private static RunCurve named(String name, Map<String, String> settings) {
    return RunCurve.of(name, settings, List.of(), List.of(MadeUpCase.point(1, 0, Map.of())));
  }

  @Test
  void aMeasureThatIsNotOfTheCaseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RunCurve.of(
                    "r", Map.of(), List.of("m"), List.of(MadeUpCase.point(1, 0, Map.of("n", 1.0)))))
        .withMessage("the measures must be among [m], but step 1 of r has a value of \"n\"");
    assertThatIllegalArgumentException().isThrownBy(() -> GOOD.values("n"));
  }

  @Test
  void numbersOfAPointAreInTheirRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MadeUpCase.point(0, 0.5, Map.of()))
        .withMessage("the step must be at least 1, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MadeUpCase.point(1, 93.5, Map.of()))
        .withMessage("the accuracy must be in [0, 1], but is 93.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MadeUpCase.point(1, Double.NaN, Map.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MadeUpCase.point(1, 0.5, Map.of("m", Double.POSITIVE_INFINITY)))
        .withMessage("the value of m must be finite or NaN, but is Infinity");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RunCurve.Point(1, -1, 0.5, 0.5, 0.5, Map.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RunCurve.Point(1, 1, 0.5, 0.5, 1.5, Map.of()))
        .withMessage("the accuracy on half B must be in [0, 1], but is 1.5");
  }
}
