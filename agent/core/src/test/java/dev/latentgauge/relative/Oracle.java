package dev.latentgauge.relative;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The definitions, written down again in plain double-precision loops and in the order of the
 * textbook: pairs are enumerated, temperatures bisected, nothing is centred or rearranged.
 */
final class Oracle {

  /** One of each kind. */
  static final List<Profile> PROFILES =
      List.of(
          new Profile.Cosine(),
          new Profile.Soft(0.1),
          new Profile.AdaptiveSoft(),
          new Profile.StandardisedSoft(),
          new Profile.Neighbours(5));

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
    if (profile instanceof Profile.StandardisedSoft) {
      return profiles(new Profile.AdaptiveSoft(), standardised(cosines));
    }
    return Arrays.stream(cosines).map(row -> profile(profile, row)).toArray(double[][]::new);
  }

  /** The z-scores of each column over the rows that are not zero; the others stay zero. */
  private static double[][] standardised(double[][] cosines) {
    double[][] counted =
        Arrays.stream(cosines).filter(row -> dot(row, row) > 0).toArray(double[][]::new);
    double[][] scores = new double[cosines.length][cosines[0].length];
    for (int column = 0; column < cosines[0].length; column++) {
      int j = column;
      double mean = Arrays.stream(counted).mapToDouble(row -> row[j]).average().orElseThrow();
      double variance =
          Arrays.stream(counted)
              .mapToDouble(row -> (row[j] - mean) * (row[j] - mean))
              .average()
              .orElseThrow();
      for (int i = 0; i < cosines.length; i++) {
        boolean isZero = dot(cosines[i], cosines[i]) == 0;
        scores[i][j] = isZero ? 0 : (cosines[i][j] - mean) / Math.sqrt(variance + 1e-10);
      }
    }
    return scores;
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

  /** The score's standard error from {@code times} resamples of the probes with replacement. */
  static double bootstrap(double[][] u, double[][] v, int times, Random random) {
    int n = u.length;
    double[][] products = products(u, v);
    double[] scores = new double[times];
    for (int b = 0; b < times; b++) {
      int[] drawn = random.ints(n, 0, n).toArray();
      double matching = 0;
      double all = 0;
      for (int i : drawn) {
        matching += products[i][i] / n;
        for (int j : drawn) {
          all += products[i][j] / n / n;
        }
      }
      // Of independent draws all pairs are mismatched but the n of a draw with itself.
      double chance = (all - matching / n) * n / (n - 1);
      scores[b] = (matching - chance) / (1 - chance);
    }
    return standardDeviation(scores);
  }

  /** The standard error of the difference of two scores from leaving each probe out in turn. */
  static double jackknifeOfDifference(double[][] u, double[][] other, double[][] v) {
    int n = v.length;
    double[][] products = products(u, v);
    double[][] otherProducts = products(other, v);
    double[] left =
        IntStream.range(0, n)
            .mapToDouble(
                out -> score(products, i -> i != out)[2] - score(otherProducts, i -> i != out)[2])
            .toArray();
    return standardDeviation(left) * (n - 1) / Math.sqrt(n);
  }

  static double standardDeviation(double[] numbers) {
    double mean = Arrays.stream(numbers).average().orElseThrow();
    double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (numbers.length - 1));
  }

  /**
   * Linear CKA as the normalised Hilbert-Schmidt independence criterion: tr(KHLH) of the Gram
   * matrices K and L, with H the centring matrix.
   */
  static double linearCka(double[][] x, double[][] y) {
    double[][] k = gram(x);
    double[][] l = gram(y);
    return independence(k, l) / Math.sqrt(independence(k, k) * independence(l, l));
  }

  private static double independence(double[][] k, double[][] l) {
    double[][] left = doublyCentred(k);
    double[][] right = doublyCentred(l);
    double trace = 0;
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < left.length; j++) {
        trace += left[i][j] * right[j][i];
      }
    }
    return trace;
  }

  private static double[][] gram(double[][] x) {
    return products(x, x);
  }

  private static double[][] doublyCentred(double[][] k) {
    int n = k.length;
    double[] means = Arrays.stream(k).mapToDouble(r -> Arrays.stream(r).sum() / n).toArray();
    double mean = Arrays.stream(means).sum() / n;
    double[][] centred = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        centred[i][j] = k[i][j] - means[i] - means[j] + mean;
      }
    }
    return centred;
  }

  /** The participation ratio of the eigenvalues of the covariance, found by Jacobi rotations. */
  static double effectiveRank(double[][] x) {
    double[] eigenvalues = eigenvalues(covariance(x));
    double sum = Arrays.stream(eigenvalues).sum();
    return sum * sum / Arrays.stream(eigenvalues).map(e -> e * e).sum();
  }

  private static double[][] covariance(double[][] x) {
    int n = x.length;
    int d = x[0].length;
    double[][] covariance = new double[d][d];
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        double meanA = 0;
        double meanB = 0;
        for (double[] row : x) {
          meanA += row[a] / n;
          meanB += row[b] / n;
        }
        for (double[] row : x) {
          covariance[a][b] += (row[a] - meanA) * (row[b] - meanB) / (n - 1);
        }
      }
    }
    return covariance;
  }

  /** The eigenvalues of the covariance of some rows, by Jacobi rotations, in no order. */
  static double[] eigenvaluesOfCovariance(double[][] rows) {
    return eigenvalues(covariance(rows));
  }

  private static double[] eigenvalues(double[][] symmetric) {
    int d = symmetric.length;
    double[][] a = Arrays.stream(symmetric).map(double[]::clone).toArray(double[][]::new);
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < d; p++) {
        for (int q = p + 1; q < d; q++) {
          rotate(a, p, q);
        }
      }
    }
    return IntStream.range(0, d).mapToDouble(i -> a[i][i]).toArray();
  }

  private static void rotate(double[][] a, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (int i = 0; i < a.length; i++) {
      double left = a[i][p];
      a[i][p] = cos * left - sin * a[i][q];
      a[i][q] = sin * left + cos * a[i][q];
    }
    for (int i = 0; i < a.length; i++) {
      double upper = a[p][i];
      a[p][i] = cos * upper - sin * a[q][i];
      a[q][i] = sin * upper + cos * a[q][i];
    }
  }

  /** The mean share of the {@code count} nearest anchors that two descriptions have in common. */
  static double neighbourOverlap(double[][] u, double[][] v, int count) {
    return IntStream.range(0, u.length)
        .mapToDouble(
            i -> {
              Set<Integer> common = new HashSet<>(nearest(u[i], count));
              common.retainAll(nearest(v[i], count));
              return common.size() / (double) count;
            })
        .average()
        .orElseThrow();
  }

  private static List<Integer> nearest(double[] cosines, int count) {
    return IntStream.range(0, cosines.length)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -cosines[j]))
        .limit(count)
        .toList();
  }
}
