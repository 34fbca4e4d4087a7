package dev.latentgauge.stopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.stopping.Verdict.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopRuleTest {

  private static final StopRule MEDIAN = new MedianRule(2, 3, OptionalDouble.empty(), 2);
  private static final StopRule HALVING = new SuccessiveHalving(1, 3, OptionalDouble.of(27), 1);
  private static final Hyperband HYPERBAND = new Hyperband(1, 3, 27, 1);

  private static double at(StopRule rule, double spent) {
    return rule.checkpoint(0, spent).orElse(0);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1.99, 0", "2, 2", "4.99, 2", "5, 5", "7, 5", "8, 8", "302, 302"})
  void checkpointsOfTheMedianRuleAreEvenlySpaced(double spent, double checkpoint) {
    assertThat(at(MEDIAN, spent)).isEqualTo(checkpoint);
  }

  @Test
  void theMedianRuleStopsNobodyAtTheEnd() {
    StopRule rule = new MedianRule(2, 3, OptionalDouble.of(8), 2);
    assertThat(at(rule, 7.9)).isEqualTo(5);
    assertThat(at(rule, 8)).isEqualTo(5);
    assertThat(at(rule, 80)).isEqualTo(5);
    assertThat(at(new MedianRule(0.1, 0.1, OptionalDouble.of(0.3), 1), 0.3)).isEqualTo(0.2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", ".9, 0", "1, 1", "2.99, 1", "3, 3", "8, 3", "9, 9", "26, 9", "27, 9", "90, 9"
  })
  void eachCheckpointOfHalvingIsAsManyTimesAsFarAndNoneIsAtTheEnd(double spent, double checkpoint) {
    assertThat(at(HALVING, spent)).isEqualTo(checkpoint);
  }

  @Test
  void withoutAnEndCheckpointsGoOn() {
    assertThat(at(new SuccessiveHalving(1, 2, OptionalDouble.empty(), 1), 1e6)).isEqualTo(1 << 19);
  }

  /** A third of a step more or less is none: 0.1 + 0.2 is not 0.3. */
  @Test
  void whatIsLostInRoundingIsNotMissed() {
    assertThat(at(new MedianRule(0.3, 0.1, OptionalDouble.empty(), 1), 0.1 + 0.2)).isEqualTo(0.3);
    assertThat(at(new MedianRule(0.1, 0.1, OptionalDouble.empty(), 1), 0.7))
        .isEqualTo(0.1 + 6 * 0.1);
    assertThat(at(new MedianRule(0.1, 0.1, OptionalDouble.empty(), 1), 0.1 * 3))
        .isEqualTo(0.1 + 2 * 0.1);
  }

  @Test
  void theSameCheckpointIsAlwaysTheSameNumber() {
    StopRule rule = new MedianRule(0.1, 0.1, OptionalDouble.empty(), 1);
    for (double spent = 0.1; spent < 100; spent += 0.01) {
      double checkpoint = at(rule, spent);
      assertThat(at(rule, checkpoint)).as("spent %s", spent).isEqualTo(checkpoint);
    }
  }

  @Test
  void aRunBelowTheMedianOfTheOthersStops() {
    assertThat(MEDIAN.judge(0.5, new double[] {0.1, 0.9, 0.6}))
        .isEqualTo(new Verdict(Action.STOP, 3, 3, OptionalDouble.of(0.6)));
    assertThat(MEDIAN.judge(0.6, new double[] {0.1, 0.9, 0.6}))
        .isEqualTo(new Verdict(Action.CONTINUE, 2, 3, OptionalDouble.of(0.6)));
    assertThat(MEDIAN.judge(0.49, new double[] {0.25, 0.75}))
        .isEqualTo(new Verdict(Action.STOP, 2, 2, OptionalDouble.of(0.5)));
  }

  @Test
  void withTooFewOthersNothingIsDecided() {
    assertThat(MEDIAN.judge(0.1, new double[] {0.9}))
        .isEqualTo(new Verdict(Action.UNDECIDED, 2, 1, OptionalDouble.empty()));
    assertThat(HALVING.judge(0.1, new double[0]))
        .isEqualTo(new Verdict(Action.UNDECIDED, 1, 0, OptionalDouble.empty()));
  }

  /** Of three one goes on, of five one, of six two. */
  @Test
  void oneOfThreeGoesOn() {
    assertThat(HALVING.judge(0.5, new double[] {0.6}).action()).isEqualTo(Action.STOP);
    assertThat(HALVING.judge(0.5, new double[] {0.6, 0.4}).action()).isEqualTo(Action.STOP);
    assertThat(HALVING.judge(0.7, new double[] {0.6, 0.4}))
        .isEqualTo(new Verdict(Action.CONTINUE, 1, 2, OptionalDouble.of(0.6)));
    assertThat(HALVING.judge(0.5, new double[] {0.6, 0.4, 0.3, 0.2}).action())
        .isEqualTo(Action.STOP);
    assertThat(HALVING.judge(0.5, new double[] {0.6, 0.4, 0.3, 0.2, 0.1}))
        .isEqualTo(new Verdict(Action.CONTINUE, 2, 5, OptionalDouble.of(0.4)));
  }

  @Test
  void equalValuesGoOnTogether() {
    double[] others = {0.5, 0.5, 0.5, 0.5, 0.5};
    assertThat(HALVING.judge(0.5, others))
        .isEqualTo(new Verdict(Action.CONTINUE, 1, 5, OptionalDouble.of(0.5)));
    assertThat(MEDIAN.judge(0.5, others).action()).isEqualTo(Action.CONTINUE);
  }

  @Test
  void theOthersAreLeftAsTheyAre() {
    double[] others = {0.3, 0.1, 0.2};
    MEDIAN.judge(0.5, others);
    HALVING.judge(0.5, others);
    assertThat(others).containsExactly(0.3, 0.1, 0.2);
  }

  /** The paper's table for R = 27 and eta = 3: 27, 12, 6 and 4 runs begin with 1, 3, 9 and 27. */
  @Test
  void bracketsHaveTheSharesOfThePaper() {
    assertThat(HYPERBAND.brackets()).isEqualTo(4);
    TreeMap<Integer, Long> found =
        IntStream.range(0, 49_000)
            .mapToObj(run -> HYPERBAND.bracket("run-" + run))
            .collect(
                Collectors.groupingBy(bracket -> bracket, TreeMap::new, Collectors.counting()));
    assertThat(found.keySet()).containsExactly(0, 1, 2, 3);
    List<Long> counts = new ArrayList<>(found.values());
    long[] shares = {27, 12, 6, 4};
    for (int bracket = 0; bracket < 4; bracket++) {
      // Within five standard deviations of so many draws.
      double share = shares[bracket] / 49.0;
      double deviation = Math.sqrt(49_000 * share * (1 - share));
      assertThat(Math.abs(counts.get(bracket) - 1000.0 * shares[bracket]))
          .isLessThan(5 * deviation);
    }
  }

  @Test
  void laterBracketsBeginLater() {
    assertThat(HYPERBAND.checkpoint(0, 1)).hasValue(1);
    assertThat(HYPERBAND.checkpoint(1, 1)).isEmpty();
    assertThat(HYPERBAND.checkpoint(1, 5)).hasValue(3);
    assertThat(HYPERBAND.checkpoint(2, 26)).hasValue(9);
    assertThat(HYPERBAND.checkpoint(3, 27)).isEmpty();
  }

  @Test
  void aNameIsAlwaysInTheSameBracket() {
    assertThat(HYPERBAND.bracket("lr-0.1")).isEqualTo(HYPERBAND.bracket("lr-0.1"));
    assertThat(new Hyperband(1, 3, 2, 1).bracket("lr-0.1")).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 0x1.1p53})
  void anAmountIsAboveNothingAndFinite(double amount) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MedianRule(amount, 1, OptionalDouble.empty(), 1))
        .withMessage("gracePeriod must be above 0, at most 2^53, but is " + amount);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MedianRule(1, amount, OptionalDouble.empty(), 1))
        .withMessageContaining("interval must be above 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SuccessiveHalving(1, 3, OptionalDouble.of(amount), 1))
        .withMessageContaining("maxResource must be above 0");
  }

  /** Beyond 2^53 there is no number one less. */
  @Test
  void checkpointsThatLieTooCloseTakeNoLonger() {
    StopRule rule = new MedianRule(1, 1e-16, OptionalDouble.of(2), 1);
    assertThat(rule.checkpoint(0, 5)).isPresent();
    assertThat(rule.checkpoint(0, 1e15)).isPresent();
  }

  @Test
  void theMedianOfTheLargestNumbersIsOneOfThem() {
    assertThat(MEDIAN.judge(Double.MAX_VALUE, new double[] {Double.MAX_VALUE, Double.MAX_VALUE}))
        .isEqualTo(new Verdict(Action.CONTINUE, 1, 2, OptionalDouble.of(Double.MAX_VALUE)));
  }

  @Test
  void whatCannotBeIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SuccessiveHalving(1, 1.5, OptionalDouble.empty(), 1))
        .withMessage("reductionFactor must be from 2 to 100, but is 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SuccessiveHalving(5, 3, OptionalDouble.of(5), 1))
        .withMessage("maxResource must be above gracePeriod, which is 5.0, but is 5.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MedianRule(1, 1, OptionalDouble.empty(), 0))
        .withMessage("minPeers must be from 1 to 500, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Hyperband(1e-9, 3, 27, 1))
        .withMessageContaining("maxResource must be at most 10^9 times gracePeriod");
  }
}
