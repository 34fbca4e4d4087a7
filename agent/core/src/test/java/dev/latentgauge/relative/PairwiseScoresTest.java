package dev.latentgauge.relative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PairwiseScoresTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Seeds
  void eachPairHasTheScoreThatAGaugeMeasures(long seed) {
    List<NDArray> runs = fleet(seed, 5).stream().map(this::float32).toList();
    Profile profile = Oracle.PROFILES.get((int) seed % Oracle.PROFILES.size());
    PairwiseScores scores = PairwiseScores.of(runs, profile);
    for (int a = 0; a < 5; a++) {
      try (Gauge gauge = Gauge.of(runs.get(a), profile)) {
        for (int b = 0; b < 5; b++) {
          Score measured = (Score) gauge.measure(runs.get(b)).outcome();
          Score score = (Score) scores.score(a, b);
          assertThat(score.value()).isEqualTo(measured.value(), within(1e-5));
          assertThat(score.standardError()).isEqualTo(measured.standardError(), within(1e-5));
          assertThat(score.similarity()).isEqualTo(measured.similarity(), within(1e-5));
          assertThat(score.chance()).isEqualTo(measured.chance(), within(1e-5));
        }
      }
    }
  }

  @Seeds
  void agreesWithTheDefinitionInDoublePrecision(long seed) {
    List<double[][]> fleet = fleet(seed, 4);
    Profile profile = Oracle.PROFILES.get((int) seed % Oracle.PROFILES.size());
    List<double[][]> profiles = fleet.stream().map(run -> Oracle.profiles(profile, run)).toList();
    PairwiseScores scores = PairwiseScores.of(fleet.stream().map(this::float32).toList(), profile);
    double jackknife = Oracle.jackknife(profiles.get(0), meanOfOthers(profiles, 0));
    // The two estimates of the error differ by O(1/n).
    assertThat(((Score) scores.consensus(0)).standardError())
        .isEqualTo(jackknife, within(0.05 * jackknife));
    for (int a = 0; a < 4; a++) {
      Score consensus = (Score) scores.consensus(a);
      double[][] others = meanOfOthers(profiles, a);
      double expected = Oracle.score(profiles.get(a), others)[2];
      assertThat(consensus.value()).isEqualTo(expected, within(1e-4));
      for (int b = 0; b < a; b++) {
        double[] pair = Oracle.score(profiles.get(a), profiles.get(b));
        assertThat(((Score) scores.score(a, b)).value()).isEqualTo(pair[2], within(1e-4));
        double cosine =
            Oracle.score(
                Oracle.profiles(new Profile.Cosine(), fleet.get(a)),
                Oracle.profiles(new Profile.Cosine(), fleet.get(b)))[0];
        assertThat(scores.similarity(a, b)).isEqualTo(cosine, within(1e-5));
      }
    }
  }

  @Test
  void theConsensusOfTwoRunsIsTheirScore() {
    List<NDArray> runs = fleet(7, 2).stream().map(this::float32).toList();
    for (Profile profile : Oracle.PROFILES) {
      PairwiseScores scores = PairwiseScores.of(runs, profile);
      Score pair = (Score) scores.score(0, 1);
      for (int run = 0; run < 2; run++) {
        Score consensus = (Score) scores.consensus(run);
        assertThat(consensus.value()).isEqualTo(pair.value(), within(1e-5));
        assertThat(consensus.standardError()).isEqualTo(pair.standardError(), within(1e-5));
      }
    }
  }

  @Test
  void whoIsUnlikeTheRestHasTheLeastConsensus() {
    List<double[][]> fleet = new ArrayList<>(fleet(11, 6));
    fleet.set(2, Oracle.cosines(new Spaces(98).gaussian(20, 10), new Spaces(97).gaussian(120, 10)));
    PairwiseScores scores =
        PairwiseScores.of(fleet.stream().map(this::float32).toList(), Profile.defaultProfile());
    double odd = ((Score) scores.consensus(2)).value();
    assertThat(Math.abs(odd)).isLessThan(0.1);
    for (int run : new int[] {0, 1, 3, 4, 5}) {
      double consensus = ((Score) scores.consensus(run)).value();
      assertThat(consensus).isGreaterThan(0.3);
      double mean =
          IntStream.of(0, 1, 3, 4, 5)
              .filter(other -> other != run)
              .mapToDouble(other -> ((Score) scores.score(run, other)).value())
              .average()
              .orElseThrow();
      assertThat(consensus).as("consensus of run %d", run).isGreaterThan(mean);
    }
  }

  @Test
  void aCollapsedRunScoresChanceWithOthersAndNothingWithItsLike() {
    NDArray good = float32(fleet(3, 1).get(0));
    NDArray collapsed = manager.full(new Shape(120, 20), 0.9f);
    PairwiseScores scores =
        PairwiseScores.of(
            List.of(good, collapsed, collapsed.duplicate()), Profile.defaultProfile());
    try (Gauge gauge = Gauge.of(good, Profile.defaultProfile())) {
      Score measured = (Score) gauge.measure(collapsed).outcome();
      assertThat(((Score) scores.score(0, 1)).value())
          .isEqualTo(measured.value(), within(1e-5))
          .isEqualTo(0, within(1e-5));
    }
    assertThat(scores.score(1, 2))
        .isEqualTo(new Undefined("the runs hardly tell the probes apart"));
    assertThat(scores.score(1, 1)).isInstanceOf(Undefined.class);
    assertThat(scores.consensus(0)).isEqualTo(new Undefined("no other run tells the probes apart"));
    assertThat(((Score) scores.consensus(1)).value()).isEqualTo(0, within(1e-5));
  }

  @Test
  void runsThatAGaugeCannotMeasureHaveNoScoreForTheReasonThatItGives() {
    List<double[][]> fleet = fleet(5, 3);
    NDArray dead = float32(fleet.get(1));
    dead.set(new NDIndex("0:30"), 0);
    NDArray broken = float32(fleet.get(2));
    broken.set(new NDIndex("4, 4"), Float.NaN);
    NDArray blind = float32(fleet.get(2));
    blind.set(new NDIndex(":, 0:5"), 0);
    List<NDArray> runs = List.of(float32(fleet.get(0)), dead, broken, float32(fleet.get(1)), blind);
    PairwiseScores scores = PairwiseScores.of(runs, Profile.defaultProfile());
    try (Gauge gauge = Gauge.of(runs.get(0), Profile.defaultProfile())) {
      for (int run : new int[] {1, 2, 4}) {
        Outcome reason = gauge.measure(runs.get(run)).outcome();
        assertThat(reason).isInstanceOf(Undefined.class);
        assertThat(scores.score(0, run)).isEqualTo(reason);
        assertThat(scores.score(run, 0)).isEqualTo(reason);
        assertThat(scores.consensus(run)).isEqualTo(reason);
      }
    }
    for (int broke : new int[] {1, 2, 4}) {
      assertThat(scores.similarity(0, broke)).isNaN();
    }
    assertThat(scores.similarity(0, 3)).isBetween(-1.0, 1.0);
    assertThat(((Score) scores.consensus(0)).value())
        .isEqualTo(((Score) scores.score(0, 3)).value(), within(1e-5));
  }

  @Test
  void runsMustBeComparable() {
    NDArray run = float32(fleet(1, 1).get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairwiseScores.of(List.of(run), Profile.defaultProfile()))
        .withMessage("the runs must be from 2 to 64, but are 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PairwiseScores.of(
                    List.of(run, manager.zeros(new Shape(120, 19))), Profile.defaultProfile()))
        .withMessageContaining("one has the shape (120, 20) and another (120, 19)");
    NDArray small = manager.zeros(new Shape(2, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairwiseScores.of(List.of(small, small), Profile.defaultProfile()))
        .withMessageContaining("at least 3 probes");
  }

  /** Trainings of one task: the cosines of 120 probes to 20 anchors, with noise of their own. */
  private static List<double[][]> fleet(long seed, int size) {
    Spaces spaces = new Spaces(seed);
    double[][] space = spaces.clustered(140, 10, 6, 0.6);
    return IntStream.range(0, size)
        .mapToObj(
            run -> {
              double[][] own =
                  Spaces.multiply(spaces.blurred(space, 0.4 + 0.1 * run), spaces.orthogonal(10));
              return Oracle.cosines(
                  Arrays.copyOf(own, 20), Arrays.copyOfRange(own, 20, own.length));
            })
        .toList();
  }

  private static double[][] meanOfOthers(List<double[][]> profiles, int out) {
    int n = profiles.get(0).length;
    int k = profiles.get(0)[0].length;
    double[][] mean = new double[n][k];
    for (int i = 0; i < n; i++) {
      for (int run = 0; run < profiles.size(); run++) {
        for (int j = 0; j < k; j++) {
          mean[i][j] += run == out ? 0 : profiles.get(run)[i][j];
        }
      }
      double length = Math.sqrt(Oracle.dot(mean[i], mean[i]));
      for (int j = 0; j < k; j++) {
        mean[i][j] /= length;
      }
    }
    return mean;
  }

  private NDArray float32(double[][] rows) {
    return Spaces.float32(manager, rows);
  }
}
