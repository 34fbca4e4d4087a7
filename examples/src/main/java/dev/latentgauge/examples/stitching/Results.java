package dev.latentgauge.examples.stitching;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How well heads do behind encoders, number by number.
 *
 * @param all in the order in which they were found
 */
public record Results(List<Result> all) {

  private static final String HEADER =
      "representation,encoder,encoder_seed,head,head_seed,measure,value";

  /** Keeps a copy. */
  public Results {
    all = List.copyOf(all);
  }

  /**
   * Some of the results.
   *
   * @param wanted which
   * @return those
   */
  public Results where(Predicate<Result> wanted) {
    return new Results(all.stream().filter(wanted).toList());
  }

  /**
   * Those of one representation, one measure and one kinship, which a cell of a table is about.
   *
   * @param representation what heads see
   * @param measure what the numbers are
   * @param kin how encoder and head belong together
   * @return those
   */
  public Results of(String representation, String measure, Result.Kin kin) {
    return where(
        result ->
            result.representation().equals(representation)
                && result.measure().equals(measure)
                && result.kin() == kin);
  }

  /**
   * Those of heads of one kind behind encoders of one kind.
   *
   * @param encoder the kind of the encoders
   * @param head the kind of the heads
   * @return those
   */
  public Results between(String encoder, String head) {
    return where(
        result -> result.encoder().kind().equals(encoder) && result.head().kind().equals(head));
  }

  /**
   * The same numbers where all that has a seed was drawn together with it, anchors too, so that a
   * seed is one trial, whatever encoders and heads there were in it.
   *
   * @return to be averaged, with an interval over seeds
   */
  public Results bySeed() {
    return new Results(
        all.stream()
            .map(
                result -> {
                  Member seed = new Member("seed", result.head().seed());
                  return new Result(
                      result.representation(), seed, seed, result.measure(), result.value());
                })
            .toList());
  }

  /**
   * The mean of the numbers, in which each kind of encoder with each kind of head counts the same.
   *
   * @return with its interval over trainings
   * @throws IllegalStateException if there is no number
   */
  public Estimate mean() {
    if (all.isEmpty()) {
      throw new IllegalStateException("a mean needs at least one result, but there is none");
    }
    double mean = mean(all);
    double squares =
        all.stream().mapToDouble(result -> (result.value() - mean) * (result.value() - mean)).sum();
    double spread = all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
    return new Estimate(mean, spread, reach(all, Results::mean), all.size());
  }

  /**
   * How much larger the mean of these is than that of others, as a quotient.
   *
   * @param others of the same trainings
   * @return with the interval over the trainings of both; its spread is 0
   */
  public Estimate over(Results others) {
    return against(others, (own, other) -> own / other);
  }

  /**
   * How much larger the mean of these is than that of others, as a difference.
   *
   * @param others of the same trainings
   * @return with the interval over the trainings of both; its spread is 0
   */
  public Estimate less(Results others) {
    return against(others, (own, other) -> own - other);
  }

  private Estimate against(Results others, DoubleBinaryOperator comparison) {
    List<Result> both = new ArrayList<>(all);
    both.addAll(others.all);
    Set<Result> own = new HashSet<>(all);
    Set<Result> other = new HashSet<>(others.all);
    ToDoubleFunction<List<Result>> statistic =
        kept ->
            comparison.applyAsDouble(
                mean(kept.stream().filter(own::contains).toList()),
                mean(kept.stream().filter(other::contains).toList()));
    return new Estimate(statistic.applyAsDouble(both), 0, reach(both, statistic), both.size());
  }

  private static double reach(List<Result> results, ToDoubleFunction<List<Result>> statistic) {
    return Jackknife.reach(results, result -> List.of(result.encoder(), result.head()), statistic);
  }

  /**
   * The mean over the kinds of encoder and head of their means, so that each counts the same: were
   * it one over all results, leaving out a training would also shift weight from its kind to
   * others, and intervals would be too narrow.
   */
  private static double mean(List<Result> results) {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                result -> List.of(result.encoder().kind(), result.head().kind()),
                Collectors.averagingDouble(Result::value)))
        .values()
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Writes a table: comma-separated, a line a number, six digits.
   *
   * @param file replaced if it exists
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    Files.writeString(
        file, all.stream().map(Results::line).collect(Collectors.joining("", HEADER + "\n", "")));
  }

  private static String line(Result result) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%s,%d,%s,%.6g%n",
        result.representation().replace(",", ""),
        result.encoder().kind(),
        result.encoder().seed(),
        result.head().kind(),
        result.head().seed(),
        result.measure(),
        result.value());
  }
}
