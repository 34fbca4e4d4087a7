package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The probes as points of a plane, as two runs describe them: the profiles of both, seen along the
 * two directions in which all of them together vary most. Both runs have the same axes and the same
 * origin, so that a probe which they describe alike is at the same place in both.
 *
 * <p>The axes are the first two principal components of the pooled profiles less their common mean.
 * They are found by orthogonal iteration from a fixed start, and their component of largest
 * magnitude is made positive, so that the same runs have the same picture. Where the second and the
 * third component are equally large, which of them is shown is arbitrary. Immutable, and on the
 * host.
 */
public final class ProfilePlane {

  private static final int MOST_ROUNDS = 300;

  /** How little the variance along the axes may still change, relative to it. */
  private static final double CONVERGED = 1e-12;

  private final double[] explained;
  private final double[][][] points;
  private final int every;

  private ProfilePlane(double[] explained, double[][][] points, int every) {
    this.explained = explained;
    this.points = points;
    this.every = every;
  }

  /**
   * Draws the plane of two runs.
   *
   * @param first the n x k cosines of one
   * @param second those of the other, of the same probes and to the same anchors, with the same
   *     manager and data type
   * @param profile how they are described
   * @return the plane
   * @throws IllegalArgumentException if they are not matrices of one shape with k of at least 2, or
   *     not finite
   */
  public static ProfilePlane of(NDArray first, NDArray second, Profile profile) {
    RelativeRepresentation.requireMatrix("the relative representation", first);
    Shape shape = first.getShape();
    if (!shape.equals(second.getShape()) || shape.get(0) < 1 || shape.get(1) < 2) {
      throw new IllegalArgumentException(
          "a plane needs two relative representations of one shape with at least 2 anchors, but"
              + " they have the shapes "
              + shape
              + " and "
              + second.getShape());
    }
    try (NDManager scratch = first.getManager().newSubManager()) {
      NDList both =
          new NDList(
              profile.of(Scratch.view(scratch, first)), profile.of(Scratch.view(scratch, second)));
      NDArray pooled = NDArrays.concat(both).toType(DataType.FLOAT64, false);
      return of(pooled.sub(pooled.mean(new int[] {0}, true)));
    }
  }

  /** Of pooled and centred rows, the first half of which are of the first run. */
  private static ProfilePlane of(NDArray rows) {
    double total = rows.square().sum().toDoubleArray()[0];
    if (!Double.isFinite(total)) {
      throw new IllegalArgumentException("a plane needs cosines that are finite");
    }
    int probes = Math.toIntExact(rows.getShape().get(0) / 2);
    double[][] axes = axes(rows);
    NDArray coordinates = rows.matMul(matrix(rows.getManager(), axes));
    double[] flat = coordinates.toDoubleArray();
    double[][][] points = new double[2][probes][2];
    double[] explained = new double[2];
    for (int i = 0; i < flat.length; i++) {
      points[i / 2 / probes][i / 2 % probes][i % 2] = flat[i];
      explained[i % 2] += total == 0 ? 0 : flat[i] * flat[i] / total;
    }
    return new ProfilePlane(explained, points, 1);
  }

  /** The first two principal components, each a unit vector of k numbers. */
  private static double[][] axes(NDArray rows) {
    int anchors = Math.toIntExact(rows.getShape().get(1));
    Random random = new Random(anchors);
    double[][] block = new double[2][anchors];
    for (double[] direction : block) {
      Arrays.setAll(direction, j -> random.nextGaussian());
    }
    orthonormalise(block, random);
    double before = 0;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double along = multiply(rows, block);
      orthonormalise(block, random);
      if (Math.abs(along - before) <= CONVERGED * along) {
        break;
      }
      before = along;
    }
    Arrays.stream(block).forEach(ProfilePlane::orient);
    return block;
  }

  /**
   * Replaces directions by their products with the covariance, the longest first.
   *
   * @return how long they became together
   */
  private static double multiply(NDArray rows, double[][] block) {
    try (NDManager scratch = rows.getManager().newSubManager()) {
      NDArray view = Scratch.view(scratch, rows);
      NDArray images = view.transpose().matMul(view.matMul(matrix(scratch, block)));
      double[] flat = images.toDoubleArray();
      for (int i = 0; i < flat.length; i++) {
        block[i % block.length][i / block.length] = flat[i];
      }
    }
    Arrays.sort(block, (a, b) -> Double.compare(length(b), length(a)));
    return length(block[0]) + length(block[1]);
  }

  /** By Gram and Schmidt, twice, which is enough; what vanishes is begun anew. */
  private static void orthonormalise(double[][] block, Random random) {
    for (int i = 0; i < block.length; i++) {
      double[] direction = block[i];
      if (length(direction) < 1e-100) {
        Arrays.setAll(direction, j -> random.nextGaussian());
      }
      scale(direction);
      for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < i; other++) {
          double along = dot(direction, block[other]);
          double[] taken = block[other];
          Arrays.setAll(direction, j -> direction[j] - along * taken[j]);
        }
        scale(direction);
      }
    }
  }

  private static void orient(double[] axis) {
    double largest = 0;
    for (double component : axis) {
      largest = Math.abs(component) > Math.abs(largest) ? component : largest;
    }
    double sign = Math.signum(largest);
    Arrays.setAll(axis, j -> sign * axis[j]);
  }

  private static void scale(double[] direction) {
    double length = length(direction);
    if (length > 0) {
      Arrays.setAll(direction, j -> direction[j] / length);
    }
  }

  private static double length(double[] direction) {
    return Math.sqrt(dot(direction, direction));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Directions as the columns of a matrix. */
  private static NDArray matrix(NDManager manager, double[][] columns) {
    int rows = columns[0].length;
    double[] flat = new double[rows * columns.length];
    Arrays.setAll(flat, i -> columns[i % columns.length][i / columns.length]);
    return manager.create(flat, new Shape(rows, columns.length));
  }

  /**
   * The share of the variance of all profiles that lies along each axis.
   *
   * @return two shares from 0 to 1, the larger first; both 0 if no profile differs from another
   */
  public double[] explained() {
    return explained.clone();
  }

  /**
   * Leaves probes out, evenly, so that a picture has no more points than can be told apart; the
   * axes stay those of all.
   *
   * @param most how many probes may be left, at least 1
   * @return a copy with the first probe and each so-manieth after it
   */
  public ProfilePlane thinned(int most) {
    int step = (points[0].length + most - 1) / most;
    double[][][] left = new double[points.length][][];
    Arrays.setAll(
        left,
        run ->
            IntStream.iterate(0, i -> i < points[run].length, i -> i + step)
                .mapToObj(i -> points[run][i])
                .toArray(double[][]::new));
    return new ProfilePlane(explained, left, every * step);
  }

  /**
   * Which probes there are.
   *
   * @return 1 if it is all of them; m if it is the first and each m-th after it
   */
  public int every() {
    return every;
  }

  /**
   * Where a run has the probes.
   *
   * @param run 0 for the first, 1 for the second
   * @return points of two coordinates, in the order of the probes; a copy
   */
  public double[][] points(int run) {
    return Arrays.stream(points[run]).map(double[]::clone).toArray(double[][]::new);
  }
}
