package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.examples.chart.RunCurve.Point;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunCurveTest {

  @Test
  void pointsAreSortedByStep() {
    Point first = Point.of(0, 0.1, 0.01, 0.1);
    Point second = Point.unscored(7, 0.2);

    assertThat(new RunCurve("a", List.of(second, first)).points()).containsExactly(first, second);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Point.of(-1, 0.1, 0.01, 0.1))
        .withMessage("the step must be at least 0, but is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Point.of(1, Double.NaN, 0.01, 0.1))
        .withMessage("the score must be finite or absent, but is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Point.of(1, 0.1, -0.01, 0.1))
        .withMessage("the standard error must be at least 0 and finite, but is -0.01");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Point.of(1, 0.1, 0.01, 90.0))
        .withMessage("the accuracy must be in [0, 1] or absent, but is 90.0");
  }

  @Test
  void aStandardErrorNeedsAScore() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Point(
                    4, OptionalDouble.empty(), OptionalDouble.of(0.1), OptionalDouble.of(0.5)))
        .withMessage("a standard error must have a score, but is alone at step 4");
  }
}
