package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training waits for besides measurements: looks at the clock, and the steps in between. */
class StopwatchTest {

  private final ManualTime time = new ManualTime();
  private final Stopwatch stopwatch = new Stopwatch(time);
  private double beganAt;

  @ParameterizedTest
  @CsvSource({"0.000001, 16", "0.0045, 11", "0.01, 5", "0.05, 1", "60, 1", "0, 1"})
  void theClockIsLookedAtAboutEveryFiftyMilliseconds(double secondsPerStep, long steps) {
    stopwatch.start(5);
    assertThat(look(5, 0)).isOne();
    time.advance(secondsPerStep);
    assertThat(look(6, 0)).isEqualTo(steps);
    time.advance(4 * secondsPerStep);
    assertThat(look(10, 0)).isEqualTo(steps);
  }

  @Test
  void looksCountAsWaitingAndSoDoTheStepsInBetween() {
    begin();
    time.advance(0.001);
    look(1, 0.0005);
    time.advance(0.001);
    step(0.00025);
    time.advance(0.001);
    look(5, 0.0005); // of the step that was timed there is no second yet
    time.advance(0.001);
    step(0.000125);
    time.advance(0.001);
    look(8, 0.0005); // two steps of the shorter
    assertThat(ratioAfter(10)).isCloseTo((3 * 0.0005 + 2 * 0.000125) / 10, within(1e-9));
  }

  @Test
  void aPauseCountsOnceWhereverItFalls() {
    begin();
    time.advance(0.001);
    look(1, 0.0005);
    for (int step = 2; step <= 5; step++) {
      stopwatch.looks().stepBegins();
      pause(step, 1);
      stopwatch.looks().stepEnds();
    }
    stopwatch.looks().lookBegins();
    pause(6, 1);
    time.advance(0.0005);
    stopwatch.looks().lookEnds(6);
    assertThat(ratioAfter(10)).isCloseTo((2 * 0.0005 + 5) / 10, within(1e-9));
  }

  @Test
  void theBaselineDoesNotCountHoweverOftenItIsMeasured() {
    stopwatch.start(0);
    stopwatch.looks().lookBegins();
    stopwatch.pause(0);
    time.advance(3);
    stopwatch.repeat();
    time.advance(1);
    stopwatch.measured();
    stopwatch.resume(true);
    beganAt = time.nanoTime() / 1e9;
    stopwatch.looks().lookEnds(0);
    assertThat(ratioAfter(10)).isZero();
  }

  @Test
  void looksNeverCountForMoreThanTheTimeThatHasGone() {
    begin();
    time.advance(0.001);
    look(1, 0.001);
    step(0.001);
    look(3, 0.001);
    step(0.001);
    look(1000, 0); // which were a thousand steps of a millisecond, in one
    assertThat(ratioAfter(10)).isLessThan(0.001);
  }

  @Test
  void howeverFastTheStepsAreABudgetHasRoomForMeasurements() {
    begin();
    pause(1, 0.001);
    // Looks alone take a fifth of the time, of which the monitor may have a hundredth.
    for (long step = 17; time.nanoTime() / 1e9 < beganAt + 0.55; step += 16) {
      assertThat(stopwatch.hasRoom(0.01)).isFalse();
      time.advance(16e-6);
      look(step, 4e-6);
    }
    time.advance(0.1); // three pauses, of which one is to come: 3 ms of half a hundredth
    assertThat(stopwatch.hasRoom(0.01)).isTrue();
  }

  private void begin() {
    stopwatch.start(0);
    pause(0, 0);
    beganAt = time.nanoTime() / 1e9;
  }

  private void pause(long step, double seconds) {
    stopwatch.pause(step);
    time.advance(seconds);
    stopwatch.measured();
    stopwatch.resume(true);
  }

  private void step(double seconds) {
    stopwatch.looks().stepBegins();
    time.advance(seconds);
    stopwatch.looks().stepEnds();
  }

  private long look(long step, double seconds) {
    stopwatch.looks().lookBegins();
    time.advance(seconds);
    return stopwatch.looks().lookEnds(step);
  }

  /** So many seconds after the beginning. */
  private double ratioAfter(double seconds) {
    time.advance(seconds - (time.nanoTime() / 1e9 - beganAt));
    stopwatch.pause(1000);
    stopwatch.measured();
    return stopwatch.overheadRatio().orElseThrow();
  }
}
