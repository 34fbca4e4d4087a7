package dev.latentgauge.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What something takes while one quantity grows by equal factors, and all others stay as they are.
 *
 * <p>The exponent is that of the power law which comes closest: the slope, by least squares, of the
 * logarithm of what it takes over that of the quantity. Each round has one.
 *
 * @param quantity what grows
 * @param what is measured
 * @param unit of what is measured
 * @param sizes of the quantity, two at least, the smallest first
 * @param seen for each size what it took in each round, above 0
 */
record Growth(
    String quantity, String what, String unit, List<Long> sizes, List<List<Double>> seen) {

  private static final double MILLIS = 1e3;
  private static final double MIB = 1 << 20;

  /** Keeps copies. */
  Growth {
    sizes = List.copyOf(sizes);
    seen = seen.stream().map(List::copyOf).toList();
  }

  static Table table() {
    return new Table(
        "What grows with what",
        "growing",
        "from",
        "to",
        "what",
        "at the smallest",
        "at the largest",
        "exponent",
        "exponent of the last step");
  }

  /** Of times in seconds. */
  static Growth ofTimes(
      String quantity, String what, List<Long> sizes, List<List<Double>> seconds) {
    return new Growth(
        quantity,
        what,
        "ms",
        sizes,
        seconds.stream()
            .map(rounds -> rounds.stream().map(second -> second * MILLIS).toList())
            .toList());
  }

  /** Of memory or files, as seen once of each size. */
  static Growth ofBytes(String quantity, String what, List<Long> sizes, List<Long> bytes) {
    return new Growth(
        quantity,
        what,
        "MiB",
        sizes,
        bytes.stream().map(number -> List.of(number.doubleValue() / MIB)).toList());
  }

  /** One is in proportion, zero is not at all. */
  Cell exponent() {
    return exponentFrom(0);
  }

  /** The same of the two largest sizes, where what does not grow weighs least. */
  Cell lastExponent() {
    return exponentFrom(sizes.size() - 2);
  }

  /** The higher of both. */
  Cell worstExponent() {
    return lastExponent().number() > exponent().number() ? lastExponent() : exponent();
  }

  private Cell exponentFrom(int first) {
    List<Long> some = sizes.subList(first, sizes.size());
    List<Double> exponents =
        IntStream.range(0, seen.get(0).size())
            .mapToObj(
                round ->
                    exponent(
                        some,
                        seen.subList(first, seen.size()).stream()
                            .map(rounds -> rounds.get(round))
                            .toList()))
            .toList();
    return exponents.size() == 1 ? Cell.of(exponents.get(0)) : Cell.ofRounds(exponents);
  }

  /** The exponent of values above 0, one of each size. */
  static double exponent(List<Long> sizes, List<Double> values) {
    double meanSize = meanLogarithm(sizes);
    double meanValue = meanLogarithm(values);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < sizes.size(); i++) {
      double size = Math.log(sizes.get(i).doubleValue()) - meanSize;
      products += size * (Math.log(values.get(i)) - meanValue);
      squares += size * size;
    }
    return products / squares;
  }

  private static double meanLogarithm(List<? extends Number> numbers) {
    return numbers.stream()
        .mapToDouble(number -> Math.log(number.doubleValue()))
        .average()
        .orElse(Double.NaN);
  }

  /** How many bytes one more takes, by the smallest and the largest size. */
  double bytesEach() {
    return (largest() - smallest()) * MIB / (double) (sizes.get(sizes.size() - 1) - sizes.get(0));
  }

  private double smallest() {
    return Quantiles.median(seen.get(0));
  }

  private double largest() {
    return Quantiles.median(seen.get(seen.size() - 1));
  }

  void addTo(Table table) {
    table.add(
        Cell.of(quantity),
        Cell.ofCount(sizes.get(0)),
        Cell.ofCount(sizes.get(sizes.size() - 1)),
        Cell.of(what + ", " + unit),
        Cell.of(smallest()),
        Cell.of(largest()),
        exponent(),
        lastExponent());
  }

  /** A line for who waits. */
  String line() {
    return String.format(
        Locale.ROOT, "%s: %s has the exponent %s", quantity, what, exponent().markdown());
  }
}
