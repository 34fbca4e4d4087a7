package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.agent.Stopped.Cause;
import dev.latentgauge.agent.StoppingRule.Check;
import dev.latentgauge.agent.StoppingRule.Verdict;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Score;
import dev.latentgauge.stopping.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoppingRuleTest {

  private static final String LOSS = "validate_loss";

  private static EarlyStopping.Builder byLoss() {
    return EarlyStopping.builder().watch(LOSS).mode(Mode.MIN);
  }

  private static EarlyStopping.Builder byAccuracy() {
    return EarlyStopping.builder().watch("validate_Accuracy").mode(Mode.MAX);
  }

  private static StoppingRule rule(EarlyStopping.Builder settings) {
    return new StoppingRule(settings.build(), Optional.empty());
  }

  /** Checks values one after the other, at steps 0, 10, 20, ..., until one stops. */
  private static List<Verdict> check(StoppingRule rule, double... values) {
    List<Verdict> verdicts = new ArrayList<>();
    for (double value : values) {
      int i = verdicts.size();
      verdicts.add(rule.check(new Check(10L * i, i, value, Optional.empty())));
    }
    return verdicts;
  }

  private static List<Optional<Cause>> causes(List<Verdict> verdicts) {
    return verdicts.stream().map(Verdict::cause).toList();
  }

  private static Optional<Cause> last(List<Verdict> verdicts) {
    assertThat(causes(verdicts).subList(0, verdicts.size() - 1)).allMatch(Optional::isEmpty);
    return verdicts.get(verdicts.size() - 1).cause();
  }

  @Test
  void patienceIsCountedFromTheBestAndNotFromTheLast() {
    // Each is better than the one before but the best stays at 1: the listener of DJL goes on here.
    StoppingRule rule = rule(byLoss().patience(3));
    List<Verdict> verdicts = check(rule, 1, 4, 3, 2);
    assertThat(last(verdicts)).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(verdicts.get(3).reason())
        .isEqualTo(
            "validate_loss has not improved in 3 checks: it is 2.000 at step 30; the best was 1.000"
                + " at step 0");
    assertThat(rule.best()).hasValue(new Stopped.Best(LOSS, 1, 0));
  }

  @Test
  void anImprovementStartsThePatienceAnew() {
    assertThat(causes(check(rule(byAccuracy().patience(2)), 1, 0, 2, 1, 3, 2, 4)))
        .containsOnly(Optional.<Cause>empty());
  }

  @Test
  void anImprovementOfNoMoreThanMinDeltaIsNone() {
    StoppingRule rule = rule(byAccuracy().minDelta(0.25).patience(2));
    assertThat(last(check(rule, 1, 1.25, 1.25))).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(rule.best()).hasValue(new Stopped.Best("validate_Accuracy", 1.25, 10));
    assertThat(causes(check(rule(byAccuracy().minDelta(0.25).patience(2)), 1, 1.25, 1.5, 1.5)))
        .containsOnly(Optional.<Cause>empty());
  }

  @Test
  void theBestIsTheBestByHoweverLittleAndTheLastImprovementWhatTheNextIsComparedWith() {
    StoppingRule rule = rule(byAccuracy().minDelta(1).patience(3));
    List<Verdict> verdicts = check(rule, 5, 5.5, 5.25, 5.75);
    assertThat(verdicts).extracting(Verdict::isBest).containsExactly(true, true, false, true);
    assertThat(last(verdicts)).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(rule.best()).hasValue(new Stopped.Best("validate_Accuracy", 5.75, 30));
  }

  @Test
  void whatComesBeforeTheStartCountsForNothing() {
    StoppingRule bySteps = rule(byAccuracy().startFrom(20).patience(1));
    assertThat(causes(check(bySteps, 9, 8, 1, 2))).containsOnly(Optional.<Cause>empty());
    StoppingRule byEpochs = rule(byAccuracy().startFromEpoch(2).patience(1));
    assertThat(causes(check(byEpochs, 9, Double.NaN, 1, 2))).containsOnly(Optional.<Cause>empty());
    assertThat(byEpochs.best()).hasValue(new Stopped.Best("validate_Accuracy", 2, 30));
  }

  @Test
  void belowTheBaselineNoImprovementCounts() {
    StoppingRule rule = rule(byAccuracy().baseline(0.5).patience(3));
    List<Verdict> verdicts = check(rule, 0.1, 0.2, 0.3);
    assertThat(last(verdicts)).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(verdicts.get(2).reason())
        .isEqualTo(
            "validate_Accuracy has not improved beyond the baseline 0.5000 in 3 checks: it is"
                + " 0.3000 at step 20");
    assertThat(causes(check(rule(byAccuracy().baseline(0.5).patience(3)), 0.1, 0.2, 0.6, 0.5, 0.5)))
        .containsOnly(Optional.<Cause>empty());
  }

  @Test
  void aThresholdThatIsReachedStopsAtOnce() {
    assertThat(last(check(rule(byLoss().stoppingThreshold(0.5)), 1, 0.7, 0.5)))
        .hasValue(Cause.STOPPING_THRESHOLD);
    List<Verdict> verdicts = check(rule(byAccuracy().stoppingThreshold(0.5)), 0.4, 0.6);
    assertThat(last(verdicts)).hasValue(Cause.STOPPING_THRESHOLD);
    assertThat(verdicts.get(1))
        .isEqualTo(
            new Verdict(
                true,
                Optional.of(Cause.STOPPING_THRESHOLD),
                "validate_Accuracy is 0.6000 at step 10, which reaches 0.5000"));
  }

  @Test
  void aThresholdThatIsPassedTheWrongWayStopsAtOnce() {
    assertThat(last(check(rule(byLoss().divergenceThreshold(3)), 1, 3, 3.5)))
        .hasValue(Cause.DIVERGENCE_THRESHOLD);
    assertThat(last(check(rule(byAccuracy().divergenceThreshold(0.5)), 1, 0.5, 0.4)))
        .hasValue(Cause.DIVERGENCE_THRESHOLD);
  }

  @Test
  void whatIsNotFiniteStopsAtOnceUnlessItMayBe() {
    assertThat(last(check(rule(byLoss()), 1, Double.NaN))).hasValue(Cause.NOT_FINITE);
    assertThat(last(check(rule(byLoss()), Double.NEGATIVE_INFINITY))).hasValue(Cause.NOT_FINITE);
    StoppingRule patient = rule(byLoss().checkFinite(false).patience(2));
    assertThat(last(check(patient, 1, Double.NaN, Double.NaN))).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(rule(byLoss().checkFinite(false)).check(check(Double.NaN)).isBest()).isFalse();
  }

  private static Check check(double value) {
    return new Check(0, 0, value, Optional.empty());
  }

  @Test
  void aScoreImprovesOnlyIfItsPairedDifferenceIsSignificant() {
    // Four probes; the difference is .1, and its influences +-e: an error of e / sqrt(3).
    assertThat(isImprovement(0.05, 0.1, 0.06)).isTrue(); // .1 is 2.9 errors
    assertThat(isImprovement(0.05, 0.1, 0.12)).isFalse(); // 1.44 errors, below 1.645
    assertThat(isImprovement(0.1, 0.1, 0.12)).isTrue(); // 1.44 errors, above 1.28
    assertThat(isImprovement(0.05, -0.1, 0.06)).isFalse();
    assertThat(isImprovement(0.05, 0.0, 0.0)).isFalse();
    assertThat(isImprovement(0.05, 1e-9, 0.0)).isTrue();
  }

  private static boolean isImprovement(double level, double gain, double influence) {
    return isImprovement(EarlyStopping.builder().significant(level), gain, influence);
  }

  private static boolean isImprovement(
      EarlyStopping.Builder settings, double gain, double influence) {
    StoppingRule rule = rule(settings.patience(1));
    rule.check(check(0, 0.5, 0.3, 0.1, -0.1, -0.3));
    double e = influence;
    return rule.check(check(1, 0.5 + gain, 0.3 + e, 0.1 - e, -0.1 + e, -0.3 - e)).cause().isEmpty();
  }

  private static Check check(long step, double score, double... influences) {
    Score measured = new Score(0.8, 0.6, score, 0.1, influences.length, 3);
    return new Check(step, 0, score, Optional.of(Measurement.of(measured, influences)));
  }

  @Test
  void aScoreMustImproveSignificantlyBeyondMinDelta() {
    assertThat(isImprovement(EarlyStopping.builder().minDelta(0.09), 0.1, 0.06)).isFalse();
    assertThat(isImprovement(EarlyStopping.builder().minDelta(0.01), 0.1, 0.06)).isTrue();
    assertThat(isImprovement(EarlyStopping.builder().withoutSignificance(), 0.1, 0.12)).isTrue();
  }

  @Test
  void theTrialOfASearchIsToldOfEveryCheckAndAsked() {
    List<String> told = new ArrayList<>();
    Trial trial =
        new Trial() {
          @Override
          public void report(long step, double value) {
            told.add(step + " " + value);
          }

          @Override
          public boolean shouldPrune() {
            return told.size() == 2;
          }
        };
    StoppingRule rule = rule(byAccuracy().prunedBy(trial));
    assertThat(rule.prune(new Check(0, 0, 0.5, Optional.empty()))).isEmpty();
    assertThat(rule.prune(new Check(5, 0, Double.NaN, Optional.empty()))).isEmpty();
    assertThat(rule.prune(new Check(10, 1, 0.25, Optional.empty())))
        .hasValue("validate_Accuracy is 0.2500 at step 10, and the search has no use for it");
    assertThat(told).containsExactly("0 0.5", "10 0.25");
    StoppingRule late = rule(byAccuracy().startFrom(20).prunedBy(trial));
    assertThat(late.prune(new Check(10, 1, 0.25, Optional.empty()))).isEmpty();
    assertThat(told).hasSize(2);
  }

  @Test
  void aRuleThatIsResumedGoesOnWhereItWas() {
    double[] values = {3, 1, 2, 2.5, 2, 2};
    StoppingRule whole = rule(byLoss().patience(4));
    StoppingRule first = rule(byLoss().patience(4));
    StoppingRule second = rule(byLoss().patience(4));
    List<Verdict> expected = check(whole, values);
    check(first, Arrays.copyOf(values, 3));
    second.resume(first.state());
    for (int i = 3; i < values.length; i++) {
      assertThat(second.check(new Check(10L * i, i, values[i], Optional.empty())))
          .isEqualTo(expected.get(i));
    }
    assertThat(expected.get(5).cause()).hasValue(Cause.NO_IMPROVEMENT);
  }

  @Test
  void aRuleThatIsResumedStillTestsADifferenceByItsPairedError() {
    EarlyStopping.Builder settings = EarlyStopping.builder().patience(1);
    StoppingRule before = rule(settings);
    before.check(check(0, 0.5, 0.3, 0.1, -0.1, -0.3));
    StoppingRule after = rule(settings);
    after.resume(before.state());
    // A gain of 1.44 errors, as above.
    assertThat(after.check(check(1, 0.6, 0.42, -0.02, 0.02, -0.42)).cause())
        .hasValue(Cause.NO_IMPROVEMENT);
  }

  @Test
  void aValueThatIsUndefinedIsACheckInVainOnceThereHasBeenOne() {
    StoppingRule rule = rule(EarlyStopping.builder().patience(2));
    for (int step = 0; step < 5; step++) {
      assertThat(rule.checkUndefined(new Check(step, 0, Double.NaN, Optional.empty()), "dead"))
          .isEqualTo(new Verdict(false, Optional.empty(), ""));
    }
    rule.check(check(5, 0.5, 0.3, 0.1, -0.1, -0.3));
    Check undefined = new Check(6, 0, Double.NaN, Optional.empty());
    assertThat(rule.checkUndefined(undefined, "dead").cause()).isEmpty();
    Verdict verdict = rule.checkUndefined(new Check(7, 0, Double.NaN, Optional.empty()), "dead");
    assertThat(verdict.cause()).hasValue(Cause.NO_IMPROVEMENT);
    assertThat(verdict.isBest()).isFalse();
    assertThat(verdict.reason())
        .isEqualTo(
            "score has not improved in 2 checks: it is undefined at step 7 (dead); the best was"
                + " 0.5000 at step 5");
    StoppingRule late = rule(EarlyStopping.builder().startFrom(10).patience(1));
    late.check(check(10, 0.5, 0.3, 0.1, -0.1, -0.3));
    assertThat(late.checkUndefined(undefined, "dead").cause()).isEmpty();
  }

  @Test
  void mistakesAreReportedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EarlyStopping.builder()
                    .watch("train_loss")
                    .minDelta(-1)
                    .patience(0)
                    .startFrom(-1)
                    .startFromEpoch(Double.NaN)
                    .significant(0.6)
                    .withoutSignificance()
                    .baseline(Double.NaN)
                    .stoppingThreshold(Double.POSITIVE_INFINITY)
                    .build())
        .withMessage(
            "early stopping cannot be built: mode must say whether a larger or a smaller"
                + " train_loss is better, as it is the value of an evaluator; minDelta must be"
                + " finite and at least 0, but is -1.0; patience must be at least 1, but is 0;"
                + " startFrom must be at least 0, but is -1; startFromEpoch must be finite and at"
                + " least 0, but is NaN; significant must be from 1.0E-4 to 0.5, but is 0.6;"
                + " baseline must be finite, but is NaN; stoppingThreshold must be finite, but is"
                + " Infinity; significant(...) is for scores, but train_loss is watched;"
                + " significant(...) and withoutSignificance() exclude each other");
  }
}
