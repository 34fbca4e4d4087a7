package dev.latentgauge.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThinningTest {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  static LongStream seeds() {
    return LongStream.range(0, 400);
  }

  /** A history of any length up to some thousands, jumping or creeping, with gaps or without. */
  private static List<OptionalDouble> history(Random random) {
    int length = random.nextInt(1 << random.nextInt(13)) + 1;
    double gaps = random.nextInt(3) * 0.1 * random.nextDouble();
    int distinct = 1 + random.nextInt(1000);
    return IntStream.range(0, length)
        .mapToObj(
            i ->
                random.nextDouble() < gaps
                    ? NONE
                    : OptionalDouble.of(random.nextInt(distinct) / 1000.0))
        .toList();
  }

  private static int points(Random random) {
    return Thinning.FEWEST + random.nextInt(1 << random.nextInt(10));
  }

  private static Thinning thinning(int points, List<OptionalDouble> scores) {
    Thinning thinning = new Thinning(points);
    for (int i = 0; i < scores.size(); i++) {
      thinning.add(1 + i / 1000, i % 1000, scores.get(i), 7 * i);
    }
    return thinning;
  }

  private static List<Integer> kept(int points, List<OptionalDouble> scores) {
    return kept(thinning(points, scores), scores);
  }

  private static List<Integer> kept(Thinning thinning, List<OptionalDouble> scores) {
    List<Thinning.Point> kept = thinning.kept();
    assertThat(thinning.kept()).as("asked again").isEqualTo(kept);
    for (Thinning.Point point : kept) {
      int i = (int) point.index();
      assertThat(point)
          .isEqualTo(new Thinning.Point(i, 1 + i / 1000, i % 1000, scores.get(i), 7 * i));
    }
    return kept.stream().map(point -> (int) point.index()).toList();
  }

  private static List<Integer> kept(int points, double... scores) {
    return kept(points, DoubleStream.of(scores).mapToObj(OptionalDouble::of).toList());
  }

  /** The description, word by word, of one who has the whole history before him. */
  private static List<Integer> described(int points, List<OptionalDouble> scores) {
    int length = scores.size();
    int smallest = 1;
    while ((length + smallest - 1) / smallest > 4 * points) {
      smallest *= 2;
    }
    for (int size = smallest; size < length + smallest; size += smallest) {
      Set<Integer> kept = described(scores, size, true);
      if (kept.size() <= points) {
        return List.copyOf(kept);
      }
    }
    return List.copyOf(described(scores, length, false));
  }

  private static Set<Integer> described(
      List<OptionalDouble> scores, int size, boolean hasUndefined) {
    Set<Integer> kept = new TreeSet<>(List.of(0, scores.size() - 1));
    for (int start = 0; start < scores.size(); start += size) {
      List<Integer> chunk =
          IntStream.range(start, Math.min(start + size, scores.size())).boxed().toList();
      List<Integer> defined = chunk.stream().filter(i -> scores.get(i).isPresent()).toList();
      Comparator<Integer> byScore = Comparator.comparing(i -> scores.get(i).getAsDouble());
      Comparator<Integer> firstOfThose = Comparator.reverseOrder();
      defined.stream().min(byScore.thenComparing(Comparator.naturalOrder())).ifPresent(kept::add);
      defined.stream().max(byScore.thenComparing(firstOfThose)).ifPresent(kept::add);
      if (hasUndefined) {
        chunk.stream().filter(i -> scores.get(i).isEmpty()).findFirst().ifPresent(kept::add);
      }
    }
    return kept;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsWhatTheDescriptionSays(long seed) {
    Random random = new Random(seed);
    int points = points(random);
    List<OptionalDouble> scores = history(random);
    assertThat(kept(points, scores)).isEqualTo(described(points, scores));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsOfFewerPointsWhatTheDescriptionSaysOfThem(long seed) {
    Random random = new Random(seed);
    int points = points(random);
    int fewer = Thinning.FEWEST + random.nextInt(points - Thinning.FEWEST + 1);
    List<OptionalDouble> scores = history(random);
    Thinning thinning = thinning(points, scores);
    thinning.keepAtMost(fewer);
    List<Integer> kept = kept(thinning, scores);
    assertThat(kept).isEqualTo(described(fewer, scores));
    assertThat(thinning.bytes()).isEqualTo(kept.stream().mapToLong(i -> 7L * i).sum());
    thinning.keepAtMost(points);
    assertThat(kept(thinning, scores)).as("never more again").isEqualTo(kept);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsTheEndsTheExtremesAndNoMoreThanIsAskedForInTheirOrder(long seed) {
    Random random = new Random(seed);
    int points = points(random);
    List<OptionalDouble> scores = history(random);
    List<Integer> kept = kept(points, scores);
    assertThat(kept).hasSizeLessThanOrEqualTo(points).isSorted().doesNotHaveDuplicates();
    assertThat(kept).contains(0, scores.size() - 1);
    List<Double> all = defined(scores, IntStream.range(0, scores.size()).boxed().toList());
    List<Double> some = defined(scores, kept);
    if (!all.isEmpty()) {
      assertThat(some)
          .contains(
              all.stream().min(Comparator.naturalOrder()).orElseThrow(),
              all.stream().max(Comparator.naturalOrder()).orElseThrow());
    }
    if (points > Thinning.FEWEST) {
      assertThat(kept.stream().anyMatch(i -> scores.get(i).isEmpty()))
          .as("gaps are seen")
          .isEqualTo(scores.contains(NONE));
    }
  }

  private static List<Double> defined(List<OptionalDouble> scores, List<Integer> indexes) {
    return indexes.stream()
        .map(scores::get)
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .toList();
  }

  @Test
  void keepsAllWhereThereAreFew() {
    for (int length = 0; length <= 50; length++) {
      List<OptionalDouble> scores = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        scores.add(i % 3 == 0 ? NONE : OptionalDouble.of(i));
      }
      assertThat(kept(50, scores)).hasSize(length);
    }
  }

  @Test
  void aSpikeOfOneObservationInAMillionIsKept() {
    Thinning thinning = new Thinning(100);
    for (int step = 0; step < 1_000_000; step++) {
      double score = step == 333_333 ? 0.9 : step == 777_777 ? -0.9 : 0.5;
      thinning.add(1, step, step == 555_555 ? NONE : OptionalDouble.of(score), 100);
    }
    assertThat(thinning.kept().stream().map(Thinning.Point::step))
        .contains(0L, 333_333L, 555_555L, 777_777L, 999_999L)
        .hasSizeBetween(50, 100);
  }

  @Test
  void mostOfWhatIsAskedForIsUsed() {
    for (int length : new int[] {5_000, 10_000, 60_000, 100_000}) {
      Random random = new Random(length);
      List<OptionalDouble> scores =
          IntStream.range(0, length).mapToObj(i -> OptionalDouble.of(random.nextDouble())).toList();
      assertThat(kept(1500, scores)).as("of %d", length).hasSizeBetween(1100, 1500);
    }
  }

  @Test
  void ofEqualScoresTheFirstIsKept() {
    assertThat(kept(4, 0, 1, 2, 2, 1, 1, 0)).containsExactly(0, 2, 4, 6);
    assertThat(kept(4, 1, 1, 1, 1, 1)).containsExactly(0, 2, 4);
  }

  @Test
  void ofFivePointsInFourTheUndefinedOneGivesWay() {
    List<OptionalDouble> scores = new ArrayList<>();
    for (double score : new double[] {0.5, 0.1, 0.6, 0.9, 0.5, 0.4}) {
      scores.add(OptionalDouble.of(score));
    }
    scores.add(2, NONE);
    assertThat(kept(4, scores)).containsExactly(0, 1, 4, 6);
    assertThat(kept(5, scores)).containsExactly(0, 1, 2, 4, 6);
  }

  @Test
  void fewerThanFourPointsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thinning(3))
        .withMessage("points must be at least 4, but is 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thinning(5).keepAtMost(3))
        .withMessage("points must be at least 4, but is 3");
  }
}
