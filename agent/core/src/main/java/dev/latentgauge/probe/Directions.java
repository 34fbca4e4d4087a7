package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The embeddings that have a direction, scaled to length one, in double precision on the host. */
final class Directions {

  private final List<Integer> rows = new ArrayList<>();
  private final List<double[]> units = new ArrayList<>();

  private Directions() {}

  /**
   * The directions of embeddings.
   *
   * @param embeddings m x d, in main memory; rows that are zero or not finite are left out
   */
  static Directions of(NDArray embeddings) {
    Directions directions = new Directions();
    int dimensions = Math.toIntExact(embeddings.getShape().get(1));
    double[] numbers = embeddings.toType(DataType.FLOAT64, false).toDoubleArray();
    for (int row = 0; row * dimensions < numbers.length; row++) {
      directions.add(row, Arrays.copyOfRange(numbers, row * dimensions, (row + 1) * dimensions));
    }
    return directions;
  }

  private void add(int row, double[] embedding) {
    // Scaled first, so that no square is too large or too small for a double.
    double scale = Arrays.stream(embedding).map(Math::abs).reduce(0, Math::max);
    if (scale > 0 && Double.isFinite(scale)) {
      double[] scaled = Arrays.stream(embedding).map(x -> x / scale).toArray();
      double length = Math.sqrt(Arrays.stream(scaled).map(x -> x * x).sum());
      rows.add(row);
      units.add(Arrays.stream(scaled).map(x -> x / length).toArray());
    }
  }

  /** How many there are. */
  int count() {
    return rows.size();
  }

  /** The row of the embeddings that a direction comes from. */
  int row(int index) {
    return rows.get(index);
  }

  /** A vector of length one, not to be changed. */
  double[] unit(int index) {
    return units.get(index);
  }

  /** The square of the Euclidean distance, up to 4 between directions. */
  static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  /**
   * Adds to some directions those that are farthest from all that are chosen already, one by one;
   * of equally far ones the first. Takes O(m·size·d) time.
   *
   * @param size how many to choose, at most {@link #count}
   * @param first what is chosen from the start, each once; where nothing is, the first direction
   *     comes first
   */
  int[] farthest(int size, int... first) {
    double[] distances = new double[count()];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    int[] chosen = Arrays.copyOf(first, size);
    for (int i = 0; i < size; i++) {
      if (i >= first.length) {
        chosen[i] = indexOfLargest(distances);
      }
      approach(distances, chosen[i]);
    }
    return chosen;
  }

  /** Takes one more into account; it can never be chosen again. */
  private void approach(double[] distances, int chosen) {
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.min(distances[i], squaredDistance(unit(i), unit(chosen)));
    }
    distances[chosen] = Double.NEGATIVE_INFINITY;
  }

  private static int indexOfLargest(double[] numbers) {
    int largest = 0;
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] > numbers[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
