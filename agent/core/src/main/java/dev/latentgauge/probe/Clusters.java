package dev.latentgauge.probe;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Directions in clusters around means, by Lloyd's algorithm from a k-means++ start.
 *
 * <p>A cluster that loses its last direction keeps its mean, which may regain some; one that is
 * empty at the end has no centre.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/1283383.1283494">Arthur and Vassilvitskii 2007</a>
 */
final class Clusters {

  private final Directions directions;
  private final double[][] means;
  private int[] nearest;

  private Clusters(Directions directions, double[][] means) {
    this.directions = directions;
    this.means = means;
    this.nearest = nearestMeans();
  }

  /**
   * Finds clusters.
   *
   * @param count how many, at most as many as there are directions; fewer are found where fewer
   *     directions differ
   * @param iterations the most iterations
   * @param seed decides on the start
   */
  static Clusters of(Directions directions, int count, int iterations, long seed) {
    Clusters clusters = new Clusters(directions, start(directions, count, seed));
    boolean changed = true;
    for (int i = 0; i < iterations && changed; i++) {
      changed = clusters.improve();
    }
    return clusters;
  }

  /** Directions of which each is drawn with the square of its distance to those before. */
  private static double[][] start(Directions directions, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = new double[directions.count()];
    Arrays.fill(weights, 4);
    double[][] means = new double[count][];
    for (int found = 0; found < count; found++) {
      int next = draw(weights, random);
      if (next < 0) {
        return Arrays.copyOf(means, found);
      }
      double[] mean = directions.unit(next).clone();
      means[found] = mean;
      Arrays.setAll(
          weights, i -> Math.min(weights[i], Directions.squaredDistance(directions.unit(i), mean)));
    }
    return means;
  }

  /** An index, as likely as its weight is large, or -1 if all weights are zero. */
  private static int draw(double[] weights, SplittableRandom random) {
    double left = random.nextDouble() * Arrays.stream(weights).sum();
    int drawn = -1;
    for (int i = 0; i < weights.length && (left >= 0 || drawn < 0); i++) {
      if (weights[i] > 0) {
        drawn = i;
        left -= weights[i];
      }
    }
    return drawn;
  }

  /** One iteration. */
  private boolean improve() {
    for (int cluster = 0; cluster < means.length; cluster++) {
      int[] members = members(cluster);
      if (members.length > 0) {
        means[cluster] = mean(members);
      }
    }
    int[] before = nearest;
    nearest = nearestMeans();
    return !Arrays.equals(before, nearest);
  }

  private int[] members(int cluster) {
    return IntStream.range(0, nearest.length).filter(i -> nearest[i] == cluster).toArray();
  }

  private double[] mean(int[] members) {
    double[] mean = new double[directions.unit(0).length];
    for (int member : members) {
      double[] unit = directions.unit(member);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += unit[i] / members.length;
      }
    }
    return mean;
  }

  private int[] nearestMeans() {
    return IntStream.range(0, directions.count())
        .map(i -> nearestMean(directions.unit(i)))
        .toArray();
  }

  private int nearestMean(double[] unit) {
    int nearest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < means.length; cluster++) {
      double distance = Directions.squaredDistance(unit, means[cluster]);
      if (distance < smallest) {
        smallest = distance;
        nearest = cluster;
      }
    }
    return nearest;
  }

  /** Of each cluster that has any the direction nearest to its mean, of equally near the first. */
  int[] centres() {
    return IntStream.range(0, means.length)
        .filter(cluster -> members(cluster).length > 0)
        .map(this::centre)
        .toArray();
  }

  private int centre(int cluster) {
    int[] members = members(cluster);
    int centre = members[0];
    for (int member : members) {
      if (distance(member, cluster) < distance(centre, cluster)) {
        centre = member;
      }
    }
    return centre;
  }

  private double distance(int index, int cluster) {
    return Directions.squaredDistance(directions.unit(index), means[cluster]);
  }
}
