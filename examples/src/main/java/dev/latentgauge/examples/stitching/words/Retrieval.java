package dev.latentgauge.examples.stitching.words;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.stitching.MeanCosine;
import dev.latentgauge.relative.RelativeRepresentation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How well words of one space find themselves and their neighbours among the words of another, by
 * cosine: means over words.
 *
 * @param jaccard how far the nearest words in the target space, as seen from a word's place in the
 *     source space, are those seen from its own place there: the size of the intersection over that
 *     of the union; in [0, 1]
 * @param reciprocalRank one over the place of the word itself among all words, from the nearest; in
 *     ]0, 1]
 * @param cosine of the word in the source space to itself in the target space
 * @param otherCosine of the word to other words, which is what chance gives
 */
record Retrieval(double jaccard, double reciprocalRank, double cosine, double otherCosine) {

  static final String JACCARD = "Jaccard";
  static final String RECIPROCAL_RANK = "reciprocal rank";
  static final String COSINE = "cosine of the same word";
  static final String OTHER_COSINE = "cosine of different words";

  /** How many nearest words there are, the word itself included. */
  static final int NEAREST = 10;

  private static final long ROWS_AT_A_TIME = 500;

  /**
   * Looks for each word.
   *
   * @param source n x k, n at least {@value #NEAREST}: the words as the one space has them
   * @param target n x k: the same words as the other has them
   */
  static Retrieval of(NDArray source, NDArray target) {
    long n = source.getShape().get(0);
    double jaccard = 0;
    double reciprocalRank = 0;
    for (long from = 0; from < n; from += ROWS_AT_A_TIME) {
      try (NDManager scratch = source.getManager().newSubManager()) {
        NDIndex rows = new NDIndex("{}:{}", from, Math.min(n, from + ROWS_AT_A_TIME));
        float[] seen = RelativeRepresentation.of(target, source.get(scratch, rows)).toFloatArray();
        float[] wanted =
            RelativeRepresentation.of(target, target.get(scratch, rows)).toFloatArray();
        for (int i = 0; i < seen.length / (int) n; i++) {
          float[] cosines = row(seen, i, n);
          jaccard += jaccard(nearest(cosines, NEAREST), nearest(row(wanted, i, n), NEAREST));
          reciprocalRank += 1.0 / rank(cosines, Math.toIntExact(from) + i);
        }
      }
    }
    return new Retrieval(
        jaccard / n,
        reciprocalRank / n,
        MeanCosine.ofSame(source, target),
        MeanCosine.ofDifferent(source, target));
  }

  private static float[] row(float[] matrix, int row, long width) {
    int start = Math.toIntExact(row * width);
    return Arrays.copyOfRange(matrix, start, Math.toIntExact(start + width));
  }

  /** The places of the largest numbers, the first of those that are equal. */
  static Set<Integer> nearest(float[] cosines, int count) {
    return IntStream.range(0, cosines.length)
        .boxed()
        .sorted((i, j) -> Float.compare(cosines[j], cosines[i]))
        .limit(count)
        .collect(Collectors.toSet());
  }

  /** From 1, how large a number is among all; the last of those that are equal. */
  static int rank(float[] cosines, int own) {
    return (int) IntStream.range(0, cosines.length).filter(i -> cosines[i] >= cosines[own]).count();
  }

  /** The size of the intersection over that of the union. */
  static double jaccard(Set<Integer> one, Set<Integer> other) {
    Set<Integer> both = new HashSet<>(one);
    both.retainAll(other);
    return (double) both.size() / (one.size() + other.size() - both.size());
  }

  /**
   * The mean Jaccard index of two random sets of {@value #NEAREST} of n words.
   *
   * @param n at least twice as many
   */
  static double chanceJaccard(int n) {
    double mean = 0;
    // Of the hypergeometric distribution, from no common word on.
    double probability = 1;
    for (int i = 0; i < NEAREST; i++) {
      probability *= (double) (n - NEAREST - i) / (n - i);
    }
    for (int common = 0; common <= NEAREST; common++) {
      mean += probability * common / (2.0 * NEAREST - common);
      double left = NEAREST - common;
      probability *= left * left / ((common + 1.0) * (n - 2.0 * NEAREST + common + 1));
    }
    return mean;
  }

  /** The mean of one over the place of a word among n in random order. */
  static double chanceReciprocalRank(int n) {
    return IntStream.rangeClosed(1, n).mapToDouble(i -> 1.0 / i).sum() / n;
  }

  /** The four means, each with its name. */
  List<Named> named() {
    return List.of(
        new Named(JACCARD, jaccard),
        new Named(RECIPROCAL_RANK, reciprocalRank),
        new Named(COSINE, cosine),
        new Named(OTHER_COSINE, otherCosine));
  }

  /**
   * A mean with its name.
   *
   * @param measure one of the four constants above
   * @param value the mean
   */
  record Named(String measure, double value) {}
}
