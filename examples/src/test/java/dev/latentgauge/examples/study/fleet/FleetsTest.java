package dev.latentgauge.examples.study.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.relative.RelativeRepresentation;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetsTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** Runs that are the worse the more noise is in what they make of the inputs. */
  private List<Member> runs(int count) {
    Random random = new Random(1);
    float[] space = normal(random, 100 * 6);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              float[] own = normal(random, space.length);
              for (int j = 0; j < own.length; j++) {
                own[j] = space[j] + 0.1f * (i + 1) * own[j];
              }
              NDArray rows = manager.create(own, new Shape(100, 6));
              return new Member(
                  1 - 0.02 * i,
                  0.02 * i,
                  RelativeRepresentation.of(rows.get(":20"), rows.get("20:")));
            })
        .toList();
  }

  private static float[] normal(Random random, int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @Test
  void whoAgreesTheMoreTheLessNoiseItHasIsFound() {
    Fleets fleets = Fleets.of(runs(40), Kind.EIGHT);
    assertThat(fleets.consensus().spearman()).isGreaterThan(0.7);
    assertThat(fleets.consensus().lost()).isBetween(0.0, 0.1);
    // The score is made so that the worst has the highest.
    assertThat(fleets.score().spearman()).isEqualTo(-1, within(1e-9));
    assertThat(fleets.score().pearson()).isEqualTo(-1, within(1e-9));
    assertThat(fleets.score().lost()).isGreaterThan(fleets.byChance());
    assertThat(fleets.byChance()).isGreaterThan(fleets.consensus().lost());
  }

  @Test
  void aFleetHasNoRunTwiceAndAsManyBadOnesAsItSays() {
    List<Member> runs = runs(36);
    for (int seed = 0; seed < 20; seed++) {
      for (Kind kind : Kind.values()) {
        List<Member> fleet = kind.draw(runs, new Random(seed));
        assertThat(fleet).hasSize(kind == Kind.THIRTY_TWO ? 32 : 8);
        assertThat(new HashSet<>(fleet)).hasSameSizeAs(fleet);
      }
      List<Member> bad = Kind.MOSTLY_BAD.draw(runs, new Random(seed));
      assertThat(bad.subList(0, 6)).allMatch(run -> run.accuracy() < 1 - 0.02 * 23.5);
      assertThat(bad.subList(6, 8)).allMatch(run -> run.accuracy() > 1 - 0.02 * 12.5);
    }
  }

  @Test
  void runsWithoutAScoreAreNotChosenAndNotCorrelated() {
    List<Member> runs =
        runs(20).stream()
            .map(run -> new Member(run.accuracy(), Double.NaN, run.relative()))
            .toList();
    Fleets fleets = Fleets.of(runs, Kind.EIGHT);
    assertThat(fleets.score().spearman()).isNaN();
    assertThat(fleets.score().lost()).isNaN();
    assertThat(fleets.consensus().spearman()).isGreaterThan(0.5);
  }
}
