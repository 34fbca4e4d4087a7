package dev.latentgauge.relative;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The definitions, written down again in plain double-precision loops and in the order of the
 * textbook: pairs are enumerated, temperatures bisected, nothing is centred or rearranged.
 */
final class Oracle {

  private Oracle() {}

  static double[][] cosines(double[][] anchors, double[][] probes) {
    return Arrays.stream(probes)
        .map(p -> Arrays.stream(anchors).mapToDouble(a -> cosine(p, a)).toArray())
        .toArray(double[][]::new);
  }

  private static double cosine(double[] a, double[] b) {
    double lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
    return lengths == 0 ? 0 : dot(a, b) / lengths;
  }

  static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  static double[][] profiles(Profile profile, double[][] cosines) {
    if (profile instanceof Profile.AdaptiveSoft) {
      return profiles(new Profile.Soft(temperature(cosines)), cosines);
    }
    return Arrays.stream(cosines).map(row -> profile(profile, row)).toArray(double[][]::new);
  }

  private static double[] profile(Profile profile, double[] row) {
    double length = Math.sqrt(dot(row, row));
    if (length == 0) {
      return Arrays.stream(row).map(r -> 1 / Math.sqrt(row.length)).toArray();
    }
    if (profile instanceof Profile.Cosine) {
      return Arrays.stream(row).map(r -> r / length).toArray();
    }
    if (profile instanceof Profile.Soft soft) {
      return Arrays.stream(softmax(row, soft.temperature())).map(Math::sqrt).toArray();
    }
    int count = ((Profile.Neighbours) profile).count();
    double[] sorted = Arrays.stream(row).sorted().toArray();
    double nearest = sorted[row.length - count];
    return Arrays.stream(row).map(r -> r >= nearest ? 1 / Math.sqrt(count) : 0).toArray();
  }

  static double[] softmax(double[] row, double temperature) {
    double largest = Arrays.stream(row).max().orElseThrow();
    double[] weights = Arrays.stream(row).map(r -> Math.exp((r - largest) / temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  static double meanEntropy(double[][] cosines, double temperature) {
    return Arrays.stream(cosines)
        .map(row -> softmax(row, temperature))
        .mapToDouble(p -> -Arrays.stream(p).map(x -> x == 0 ? 0 : x * Math.log(x)).sum())
        .average()
        .orElseThrow();
  }

  /** The temperature of at most 64 evenly spaced rows, as the adaptive profile is defined. */
  static double temperature(double[][] all) {
    int count = Math.min(all.length, 64);
    double[][] cosines =
        IntStream.range(0, count)
            .mapToObj(i -> all[i * all.length / count])
            .toArray(double[][]::new);
    double target = Math.log(cosines[0].length / 8.0);
    double low = 1e-4;
    double high = 100;
    for (int i = 0; i < 60; i++) {
      double middle = Math.sqrt(low * high);
      if (meanEntropy(cosines, middle) < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.max(0.05, low);
  }

  /** Similarity, chance and score by the definition. */
  static double[] score(double[][] u, double[][] v) {
    return score(products(u, v), i -> true);
  }

  /** The standard error of the score from leaving each probe out in turn. */
  static double jackknife(double[][] u, double[][] v) {
    int n = u.length;
    double[][] products = products(u, v);
    double[] left =
        IntStream.range(0, n).mapToDouble(out -> score(products, i -> i != out)[2]).toArray();
    double mean = Arrays.stream(left).average().orElseThrow();
    double squares = Arrays.stream(left).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares * (n - 1) / n);
  }

  private static double[][] products(double[][] u, double[][] v) {
    return Arrays.stream(u)
        .map(row -> Arrays.stream(v).mapToDouble(other -> dot(row, other)).toArray())
        .toArray(double[][]::new);
  }

  private static double[] score(double[][] products, IntPredicate kept) {
    double matching = 0;
    double mismatched = 0;
    double n = IntStream.range(0, products.length).filter(kept).count();
    for (int i = 0; i < products.length; i++) {
      for (int j = 0; j < products.length; j++) {
        if (kept.test(i) && kept.test(j)) {
          matching += i == j ? products[i][j] / n : 0;
          mismatched += i == j ? 0 : products[i][j] / n / (n - 1);
        }
      }
    }
    return new double[] {matching, mismatched, (matching - mismatched) / (1 - mismatched)};
  }
}
