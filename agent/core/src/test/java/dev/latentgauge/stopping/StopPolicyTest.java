package dev.latentgauge.stopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonParser;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.ReportedValue;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.WireException;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopPolicyTest {

  private static StopPolicy read(String json) {
    return PolicyWire.read("lr", json.replace('\'', '"'));
  }

  private static void assertRefused(String json, String field, String message) {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> read(json))
        .withMessageContaining(message)
        .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
  }

  @Test
  void aPolicyNeedsAGroupAndARule() {
    StopPolicy policy = read("{'runs': 'lr-*', 'rule': 'successive-halving'}");
    assertThat(policy.watch()).isEqualTo(ReportedValue.SCORE);
    assertThat(policy.mode()).isEqualTo(Mode.MAX);
    assertThat(policy.resource()).isEqualTo(Resource.EPOCH);
    assertThat(policy.rule()).isEqualTo(new SuccessiveHalving(1, 3, OptionalDouble.empty(), 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'runs':'*','watch':'score','mode':'max','resource':'epoch','rule':'median',"
            + "'gracePeriod':2.0,'interval':3.0,'maxResource':60.0,'minPeers':5}",
        "{'tags':{'sweep':'lr'},'watch':'train_loss','mode':'min','layer':'encoder',"
            + "'reference':'cnn','resource':'step','rule':'successive-halving','gracePeriod':100.0,"
            + "'reductionFactor':4.0,'maxResource':6400.0,'minPeers':1}",
        "{'runs':'a*','tags':{'x':'1','y':'2'},'watch':'predicted_accuracy','mode':'max',"
            + "'resource':'epoch','rule':'hyperband','gracePeriod':1.0,'reductionFactor':3.0,"
            + "'maxResource':81.0,'minPeers':4}"
      })
  void whatIsWrittenIsRead(String json) {
    StopPolicy policy = read(json.replace('\'', '"'));
    assertThat(PolicyWire.tree(policy)).isEqualTo(JsonParser.parseString(json.replace('\'', '"')));
    assertThat(PolicyWire.read("lr", PolicyWire.tree(policy).toString())).isEqualTo(policy);
  }

  @Test
  void mistakesAreNamed() {
    assertRefused("{'rule': 'median'}", "", "told by runs, a pattern of names, or by tags");
    assertRefused("{'runs': '*'}", "rule", "rule is missing");
    assertRefused(
        "{'runs': '*', 'rule': 'asha'}",
        "rule",
        "rule must be one of median, successive-halving, hyperband, but is \"asha\"");
    assertRefused(
        "{'runs': '*', 'rule': 'median', 'minPeer': 3}",
        "minPeer",
        "minPeer means nothing here; did you mean minPeers?");
    assertRefused(
        "{'runs': '*', 'rule': 'median', 'reductionFactor': 3}",
        "reductionFactor",
        "reductionFactor means nothing here");
    assertRefused("{'runs': '*', 'rule': 'hyperband'}", "maxResource", "maxResource is missing");
    assertRefused(
        "{'runs': '*', 'rule': 'median', 'watch': 'train_loss'}",
        "mode",
        "mode must be max or min where an evaluator is watched, but is missing");
    assertRefused(
        "{'runs': '*', 'rule': 'median', 'mode': 'most'}",
        "mode",
        "mode must be one of max, min, but is \"most\"");
    assertRefused("{'runs': 'a b', 'rule': 'median'}", "", "runs must match");
    assertRefused("{'tags': {'1': 'a'}, 'rule': 'median'}", "", "the name of a tag");
  }

  @Test
  void aGroupIsToldByNamesAndTags() {
    RunInfo run = RunInfo.named("lr-0.1").tag("sweep", "lr").tag("seed", "7");
    assertThat(read("{'runs': 'lr-*', 'rule': 'median'}").group().has(run)).isTrue();
    assertThat(read("{'runs': 'lr', 'rule': 'median'}").group().has(run)).isFalse();
    assertThat(read("{'tags': {'sweep': 'lr'}, 'rule': 'median'}").group().has(run)).isTrue();
    assertThat(read("{'tags': {'sweep': 'wd'}, 'rule': 'median'}").group().has(run)).isFalse();
    assertThat(read("{'runs': 'wd-*', 'tags': {'sweep': 'lr'}, 'rule': 'median'}").group().has(run))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "*, a, true",
    "a, a, true",
    "a, ab, false",
    "ab, a, false",
    "a*, a, true",
    "*b, ab, true",
    "*b, ba, false",
    "a*c, abbc, true",
    "a*c, abcb, false",
    "*ab*, aab, true",
    "a**b, ab, true",
    "*a*b*c, xaybzc, true",
    "*a*b*c, xaybz, false",
    "a.c, abc, false"
  })
  void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
    assertThat(new RunGroup(Optional.of(pattern), new TreeMap<>()).mayHave(name))
        .isEqualTo(matches);
  }

  /** A regular expression would be at it for longer than the world will be there. */
  @Test
  void manyStarsTakeNoLonger() {
    RunGroup group = new RunGroup(Optional.of("*a".repeat(60) + "*b"), new TreeMap<>());
    assertThat(group.mayHave("a".repeat(128))).isFalse();
  }

  @Test
  void aReferenceIsMeantWithOrWithoutItsFingerprint() {
    StopPolicy policy = read("{'runs': '*', 'rule': 'median', 'reference': 'cnn'}");
    assertThat(policy.watches("encoder", "cnn@0123")).isTrue();
    assertThat(policy.watches("encoder", "cnn-2@0123")).isFalse();
    StopPolicy exact =
        read("{'runs': '*', 'rule': 'median', 'reference': 'cnn@0123', 'layer': 'encoder'}");
    assertThat(exact.watches("encoder", "cnn@0123")).isTrue();
    assertThat(exact.watches("encoder", "cnn@4567")).isFalse();
    assertThat(exact.watches("head", "cnn@0123")).isFalse();
  }

  @Test
  void whereLessIsBetterTheLeastGoOn() {
    StopPolicy policy =
        read(
            "{'runs': '*', 'rule': 'median', 'watch': 'train_loss', 'mode': 'min', 'minPeers': 1}");
    Verdict stopped = policy.judge(0.9, new double[] {0.5, 0.7, 0.8});
    assertThat(stopped).isEqualTo(new Verdict(Verdict.Action.STOP, 4, 3, OptionalDouble.of(0.7)));
    assertThat(policy.explain(3, 0.9, stopped))
        .isEqualTo(
            "its train_loss at epoch 3 is 0.9000, number 4 of 4 runs; to go on it would have"
                + " needed 0.7000, the median of the others");
  }

  @Test
  void aDecisionIsExplained() {
    StopPolicy policy =
        read("{'runs': '*', 'rule': 'successive-halving', 'resource': 'step', 'minPeers': 2}");
    double[] others = {0.5, 0.4, 0.3, 0.2, 0.1};
    assertThat(policy.explain(900, 0.45, policy.judge(0.45, others)))
        .isEqualTo(
            "its score at step 900 is 0.4500, number 2 of 6 runs; to go on it needed 0.4000,"
                + " which the best 2 have");
    assertThat(policy.explain(900, 0.45, policy.judge(0.45, new double[0])))
        .isEqualTo(
            "its score at step 900 is 0.4500, number 1 of 1 run; with fewer than 2 others"
                + " nothing is decided yet");
  }

  @Test
  void numbersThatDecideAreToldApart() {
    StopPolicy policy = read("{'runs': '*', 'rule': 'median', 'minPeers': 1}");
    assertThat(policy.explain(1, 0.91231, policy.judge(0.91231, new double[] {0.91234})))
        .contains("is 0.91231, number 2 of 2 runs", "would have needed 0.91234, ");
  }

  @Test
  void anyReportedValueCanBeWatched() {
    Observation observation =
        Observation.builder(
                new Observation.Key(1, "encoder", "cnn@0123", 300),
                Instant.EPOCH,
                "soft",
                new Score(0.8, 0.2, 0.75, 0.01, 512, 128))
            .epoch(1.5)
            .gaugedScore(OptionalDouble.of(0.9))
            .predictedAccuracy(Optional.of(new Observation.PredictedAccuracy(0.85, 0.8, 0.9)))
            .companions(
                new Companions(
                    OptionalDouble.of(0.6),
                    OptionalDouble.of(12),
                    OptionalDouble.of(0.4),
                    OptionalDouble.of(0.95)))
            .evaluations(Map.of("train_loss", 0.3))
            .build();
    assertThat(
            ReportedValue.measured().stream()
                .map(name -> ReportedValue.named(name).of(observation).orElseThrow()))
        .containsExactly(0.75, 0.9, 0.8, 0.85, 0.6, 12.0, 0.4, 0.95);
    assertThat(ReportedValue.named("train_loss").of(observation)).hasValue(0.3);
    assertThat(ReportedValue.named("validate_loss").of(observation)).isEmpty();
    assertThat(Resource.EPOCH.of(observation)).isEqualTo(1.5);
    assertThat(Resource.STEP.of(observation)).isEqualTo(300);
  }

  @Test
  void whatIsUndefinedIsNoValue() {
    Observation observation =
        Observation.builder(
                new Observation.Key(1, "encoder", "cnn@0123", 300),
                Instant.EPOCH,
                "soft",
                new Undefined("dead units"))
            .build();
    for (String name : ReportedValue.measured()) {
      assertThat(ReportedValue.named(name).of(observation)).as(name).isEmpty();
    }
  }

  @Test
  void aValueHasAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReportedValue.named(""))
        .withMessage("the name of a value must have from 1 to 128 characters, but has 0");
    assertThat(ReportedValue.named("score")).isEqualTo(ReportedValue.SCORE).hasToString("score");
  }
}
