package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Random embedding spaces from a seed, and maps between them. */
final class Spaces {

  private final Random random;

  Spaces(long seed) {
    this.random = new Random(seed);
  }

  double[][] gaussian(int rows, int columns) {
    return IntStream.range(0, rows)
        .mapToObj(i -> random.doubles(columns, 0, 1).map(x -> random.nextGaussian()).toArray())
        .toArray(double[][]::new);
  }

  /** Points around {@code clusters} centres, all of them away from the origin. */
  double[][] clustered(int rows, int columns, int clusters, double spread) {
    double[][] centres = new Spaces(columns).gaussian(clusters, columns);
    double[][] noise = gaussian(rows, columns);
    return IntStream.range(0, rows)
        .mapToObj(
            i ->
                IntStream.range(0, columns)
                    .mapToDouble(j -> 0.5 + centres[i % clusters][j] + spread * noise[i][j])
                    .toArray())
        .toArray(double[][]::new);
  }

  /** The rows with noise added: a run that has got some way. */
  double[][] blurred(double[][] rows, double noise) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(x -> x + noise * random.nextGaussian()).toArray())
        .toArray(double[][]::new);
  }

  /** A random orthogonal matrix, proper or not, by Gram and Schmidt. */
  double[][] orthogonal(int size) {
    double[][] rows = gaussian(size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        double along = Oracle.dot(rows[i], rows[j]);
        for (int c = 0; c < size; c++) {
          rows[i][c] -= along * rows[j][c];
        }
      }
      double length = Math.sqrt(Oracle.dot(rows[i], rows[i]));
      for (int c = 0; c < size; c++) {
        rows[i][c] /= length;
      }
    }
    return rows;
  }

  static double[][] multiply(double[][] rows, double[][] map) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(map).mapToDouble(to -> Oracle.dot(row, to)).toArray())
        .toArray(double[][]::new);
  }

  static NDArray float32(NDManager manager, double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return manager.create(flat, new Shape(rows.length, rows[0].length));
  }

  static NDArray float64(NDManager manager, double[][] rows) {
    return manager.create(
        Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(),
        new Shape(rows.length, rows[0].length));
  }

  /** Cosines with the first half of the rows as anchors, and the second as probes. */
  static NDArray relative(NDManager manager, double[][] space) {
    int half = space.length / 2;
    return RelativeRepresentation.of(
        float32(manager, head(space, half)), float32(manager, tail(space, half)));
  }

  /** The first rows. */
  static double[][] head(double[][] rows, int count) {
    return Arrays.copyOf(rows, count);
  }

  /** The last rows. */
  static double[][] tail(double[][] rows, int count) {
    return Arrays.copyOfRange(rows, rows.length - count, rows.length);
  }
}
