package dev.latentgauge.examples.stitching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.stitching.Result.Kin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static final double TWO_FREEDOMS = 4.303;

  private static Result own(int seed, double value) {
    Member member = new Member("cnn", seed);
    return new Result("relative", member, member, "accuracy", value);
  }

  private static Result pair(int encoder, int head, double value) {
    return new Result(
        "relative", new Member("cnn", encoder), new Member("cnn", head), "accuracy", value);
  }

  @Test
  void theIntervalOfIndependentNumbersIsThatOfStudent() {
    Estimate mean = new Results(List.of(own(1, 1), own(2, 2), own(3, 3))).mean();

    assertThat(mean.mean()).isEqualTo(2);
    assertThat(mean.spread()).isEqualTo(1);
    assertThat(mean.reach()).isEqualTo(TWO_FREEDOMS * Math.sqrt(1.0 / 3), within(1e-9));
    assertThat(mean.low()).isEqualTo(2 - mean.reach());
    assertThat(mean.high()).isEqualTo(2 + mean.reach());
    assertThat(mean.count()).isEqualTo(3);
  }

  @Test
  void oneKindOfHeadBehindOneKindOfEncoderIsFoundAmongOthers() {
    Member cnn = new Member("cnn", 1);
    Member mlp = new Member("mlp", 1);
    Result wanted = new Result("relative", cnn, mlp, "accuracy", 1);
    Result turned = new Result("relative", mlp, cnn, "accuracy", 2);
    Result own = new Result("relative", cnn, cnn, "accuracy", 3);

    assertThat(new Results(List.of(turned, wanted, own)).between("cnn", "mlp").all())
        .containsExactly(wanted);
  }

  /**
   * Sums of what two trainings have: their mean is twice that of the trainings, and so its error.
   */
  @Test
  void pairsOfTheSameTrainingsAreNotTakenForIndependent() {
    List<Result> pairs = new ArrayList<>();
    for (int encoder = 1; encoder <= 3; encoder++) {
      for (int head = 1; head <= 3; head++) {
        if (encoder != head) {
          pairs.add(pair(encoder, head, encoder + head));
        }
      }
    }
    Estimate mean = new Results(pairs).mean();

    assertThat(mean.mean()).isEqualTo(4);
    assertThat(mean.reach()).isEqualTo(TWO_FREEDOMS * 2 * Math.sqrt(1.0 / 3), within(1e-9));
    assertThat(mean.count()).isEqualTo(6);
  }

  @Test
  void variancesOfSeveralKindsAddUp() {
    List<Result> pairs = new ArrayList<>();
    for (int encoder = 1; encoder <= 3; encoder++) {
      for (int head = 1; head <= 3; head++) {
        Member other = new Member("mlp", head);
        pairs.add(
            new Result("relative", new Member("cnn", encoder), other, "accuracy", encoder + head));
      }
    }
    assertThat(new Results(pairs).mean().reach())
        .isEqualTo(TWO_FREEDOMS * Math.sqrt(2.0 / 3), within(1e-9));
  }

  /**
   * Half the mean of the one kind, whose error is halved, and half of a kind that does not vary.
   */
  @Test
  void kindsCountTheSameWhateverIsLeftOut() {
    List<Result> own = new ArrayList<>(List.of(own(1, 1), own(2, 2), own(3, 3)));
    for (int seed = 1; seed <= 3; seed++) {
      Member member = new Member("mlp", seed);
      own.add(new Result("relative", member, member, "accuracy", 10));
    }
    Estimate mean = new Results(own).mean();

    assertThat(mean.mean()).isEqualTo(6);
    assertThat(mean.reach()).isEqualTo(TWO_FREEDOMS * 0.5 * Math.sqrt(1.0 / 3), within(1e-9));
  }

  @Test
  void aQuotientAndADifferenceKnowThatTheirPartsAreOfTheSameTrainings() {
    Results own = new Results(List.of(own(1, 1), own(2, 2), own(3, 3)));
    Results twice = new Results(List.of(pair(1, 1, 2), pair(2, 2, 4), pair(3, 3, 6)));

    assertThat(twice.over(own).mean()).isEqualTo(2);
    assertThat(twice.over(own).reach()).isEqualTo(0, within(1e-9));
    assertThat(twice.less(own).mean()).isEqualTo(2);
    assertThat(twice.less(own).reach()).isEqualTo(TWO_FREEDOMS * Math.sqrt(1.0 / 3), within(1e-9));
  }

  @Test
  void twoTrainingsOfAKindHaveNoInterval() {
    assertThat(new Results(List.of(pair(1, 2, 1), pair(2, 1, 1))).mean().reach()).isInfinite();
    assertThat(new Results(List.of(own(1, 1), own(2, 2))).mean().reach()).isInfinite();
    assertThat(Numbers.withReach(new Results(List.of(own(1, 0.5))).mean(), 100)).isEqualTo("50.0");
  }

  @Test
  void tellsOwnHeadsFromThoseOfOtherSeedsAndKinds() {
    Result own = own(1, 1);
    Result seed = pair(1, 2, 1);
    Result kind = new Result("relative", new Member("cnn", 1), new Member("mlp", 1), "accuracy", 1);
    Results all = new Results(List.of(own, seed, kind));

    assertThat(all.of("relative", "accuracy", Kin.OWN).all()).containsExactly(own);
    assertThat(all.of("relative", "accuracy", Kin.OTHER_SEED).all()).containsExactly(seed);
    assertThat(all.of("relative", "accuracy", Kin.OTHER_KIND).all()).containsExactly(kind);
    assertThat(all.of("absolute", "accuracy", Kin.OWN).all()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> all.of("absolute", "accuracy", Kin.OWN).mean())
        .withMessageContaining("at least one result");
  }

  @Test
  void isWrittenAsATable(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("results.csv");
    new Results(
            List.of(
                new Result(
                    "relative, centred", new Member("CNN", 1), new Member("MLP", 2), "f1", 1 / 3d)))
        .write(file);

    assertThat(Files.readString(file))
        .isEqualTo(
            """
            representation,encoder,encoder_seed,head,head_seed,measure,value
            relative centred,CNN,1,MLP,2,f1,0.333333
            """);
  }
}
