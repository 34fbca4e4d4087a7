package dev.latentgauge.examples.study.fleet;

import dev.latentgauge.examples.study.statistics.Coefficient;
import dev.latentgauge.relative.PairwiseScores;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is found in fleets that were drawn from the runs of a task.
 *
 * @param kind how they were drawn
 * @param consensus how the consensus of the runs goes with accuracy
 * @param score how their scores against a reference do
 * @param byChance what is lost by choosing any run, in accuracy: the mean over the runs of a fleet
 */
public record Fleets(Kind kind, Guide consensus, Guide score, double byChance) {

  private static final int DRAWN = 200;
  private static final long SEED = 1;

  /**
   * How far one may be guided by a number that runs have; means over fleets.
   *
   * @param pearson its correlation with accuracy
   * @param spearman the same of ranks
   * @param lost how much accuracy is lost against the best of the fleet by choosing the run with
   *     the highest
   */
  public record Guide(double pearson, double spearman, double lost) {}

  /** One fleet; values that are undefined are not numbers. */
  private record Drawn(List<Member> runs, List<Double> consensus) {
    double[] accuracies() {
      return runs.stream().mapToDouble(Member::accuracy).toArray();
    }

    double[] scores() {
      return runs.stream().mapToDouble(Member::score).toArray();
    }

    double[] agreements() {
      return consensus.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /**
   * Draws fleets and measures each.
   *
   * @param runs what to draw from, of the same probes and anchors
   * @param kind how
   * @return what was found
   */
  static Fleets of(List<Member> runs, Kind kind) {
    Random random = new Random(SEED);
    List<Drawn> drawn = new ArrayList<>();
    for (int i = 0; i < DRAWN; i++) {
      drawn.add(measure(kind.draw(runs, random)));
    }
    return new Fleets(
        kind,
        guide(drawn, Drawn::agreements),
        guide(drawn, Drawn::scores),
        mean(drawn, fleet -> max(fleet.accuracies()) - mean(fleet.accuracies())));
  }

  private static Drawn measure(List<Member> fleet) {
    PairwiseScores scores =
        PairwiseScores.of(fleet.stream().map(Member::relative).toList(), Profile.defaultProfile());
    return new Drawn(
        fleet,
        IntStream.range(0, fleet.size())
            .mapToObj(
                run -> scores.consensus(run) instanceof Score score ? score.value() : Double.NaN)
            .toList());
  }

  private static Guide guide(List<Drawn> drawn, Function<Drawn, double[]> numbers) {
    return new Guide(
        mean(drawn, fleet -> Coefficient.PEARSON.of(numbers.apply(fleet), fleet.accuracies())),
        mean(drawn, fleet -> Coefficient.SPEARMAN.of(numbers.apply(fleet), fleet.accuracies())),
        mean(drawn, fleet -> lost(numbers.apply(fleet), fleet.accuracies())));
  }

  private static double lost(double[] numbers, double[] accuracies) {
    int chosen = -1;
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isNaN(numbers[i]) && (chosen < 0 || numbers[i] > numbers[chosen])) {
        chosen = i;
      }
    }
    return chosen < 0 ? Double.NaN : max(accuracies) - accuracies[chosen];
  }

  private static double max(double[] numbers) {
    return Arrays.stream(numbers).max().orElseThrow();
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }

  /** The mean over fleets in which it is defined. */
  private static double mean(List<Drawn> drawn, ToDoubleFunction<Drawn> number) {
    return drawn.stream()
        .mapToDouble(number)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }
}
