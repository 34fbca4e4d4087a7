package dev.latentgauge.examples.stitching;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * How sure a statistic is of items, such as pairs, where each training is in many of them.
 *
 * <p>Twenty pairs of five trainings are no twenty trials: what is independent are the trainings. So
 * the statistic is computed once more without each of them. The squared differences from their mean
 * give its variance, kind by kind, as trainings are drawn of each kind by itself (Efron and Stein
 * 1981; for kinds, Arvesen 1969). With five trainings the variance itself is uncertain, hence
 * Student's distribution with the degrees of freedom of the smallest kind.
 */
public final class Jackknife {

  /** The 97.5 % quantiles of Student's distribution with 1 to 30 degrees of freedom. */
  private static final double[] QUANTILES = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  /** Of two, leaving out one leaves no pair of the kind. */
  private static final int FEWEST = 3;

  private Jackknife() {}

  /**
   * Half the width of a 95 % interval.
   *
   * @param <T> what the statistic is of, such as pairs of trainings
   * @param items at least one
   * @param members the trainings that an item is of
   * @param statistic of any part of the items; NaN where it is undefined
   * @return at least 0; infinite where a kind has fewer than three trainings, or the statistic
   *     needs all
   */
  public static <T> double reach(
      List<T> items,
      Function<? super T, ? extends Collection<Member>> members,
      ToDoubleFunction<List<T>> statistic) {
    Map<String, Set<Member>> kinds = new LinkedHashMap<>();
    for (T item : items) {
      for (Member member : members.apply(item)) {
        kinds.computeIfAbsent(member.kind(), kind -> new LinkedHashSet<>()).add(member);
      }
    }
    double variance = 0;
    int fewest = Integer.MAX_VALUE;
    for (Set<Member> kind : kinds.values()) {
      double[] without =
          kind.stream()
              .mapToDouble(member -> statistic.applyAsDouble(without(items, members, member)))
              .toArray();
      variance += variance(without);
      fewest = Math.min(fewest, kind.size());
    }
    return fewest < FEWEST || Double.isNaN(variance)
        ? Double.POSITIVE_INFINITY
        : quantile(fewest - 1) * Math.sqrt(variance);
  }

  private static double variance(double[] without) {
    double mean = DoubleStream.of(without).average().orElse(Double.NaN);
    double squares = DoubleStream.of(without).map(value -> value - mean).map(d -> d * d).sum();
    return squares * (without.length - 1) / without.length;
  }

  private static <T> List<T> without(
      List<T> items, Function<? super T, ? extends Collection<Member>> members, Member member) {
    return items.stream().filter(item -> !members.apply(item).contains(member)).toList();
  }

  private static double quantile(int freedom) {
    return QUANTILES[Math.min(freedom, QUANTILES.length) - 1];
  }
}
