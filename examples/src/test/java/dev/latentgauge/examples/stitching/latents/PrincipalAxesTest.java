package dev.latentgauge.examples.stitching.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PrincipalAxesTest {

  // Around (1, 1, 1): 4 each way along (3/5, 0, 4/5), 2 along (0, 1, 0), and 1 along (4/5, 0,
  // -3/5).
  private static final double[][] CROSS = {
    {1 + 2.4, 1, 1 + 3.2},
    {1 - 2.4, 1, 1 - 3.2},
    {1, 3, 1},
    {1, -1, 1},
    {1.8, 1, 0.4},
    {0.2, 1, 1.6}
  };

  @Test
  void theLongestDirectionIsTheFirstAxisAndTheNextTheSecond() {
    PrincipalAxes axes = PrincipalAxes.of(CROSS);

    assertThat(axes.place(CROSS[0])).containsExactly(new double[] {4, 0}, within(1e-9));
    assertThat(axes.place(CROSS[2])).containsExactly(new double[] {0, 2}, within(1e-9));
    assertThat(axes.place(CROSS[4])).containsExactly(new double[] {0, 0}, within(1e-9));
  }

  @Test
  void otherPointsHaveThePlaceThatTheyWouldHaveAmongTheFirst() {
    assertThat(PrincipalAxes.of(CROSS).place(new double[] {4, 5, 5}))
        // (3, 4, 4) from the middle: 3 · 3/5 + 4 · 4/5, and 4.
        .containsExactly(new double[] {5, 4}, within(1e-9));
  }

  @Test
  void thePlaneHoldsItsShareOfTheVariance() {
    // Of 16 + 4 + 1.
    assertThat(PrincipalAxes.of(CROSS).share()).isCloseTo(20 / 21.0, within(1e-9));
  }

  @Test
  void pointsOnALineAreInThePlane() {
    double[][] line = {{0, 0}, {3, 4}, {6, 8}};
    PrincipalAxes axes = PrincipalAxes.of(line);

    assertThat(axes.place(line[2])).containsExactly(new double[] {5, 0}, within(1e-9));
    assertThat(axes.share()).isCloseTo(1, within(1e-9));
  }
}
