package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * A relative representation in 8 bits a cosine: small enough to be sent along with a measurement,
 * and exact enough to be compared with others.
 *
 * <p>Of each anchor the least and the greatest cosine are kept, and of each cosine where between
 * them it lies: the levels 1 to 255 divide the range evenly. So a sketch has n·k + 8·k bytes, 66 kB
 * of 512 probes and 128 anchors, and its cosines are off by at most 1/508 of the range of their
 * anchor, .004. A cosine of exactly zero has the level 0 to itself, and does not count for the
 * range: rows and columns of zeros, which dead features leave, mean something to profiles and
 * gauges, and in a space whose cosines are all alike would take its range from the others.
 *
 * <p>Where a run has diverged, so that a cosine is not finite, its anchor has no range, and all
 * cosines to it are not a number: a run that has broken is seen, and not taken for what it was
 * before.
 *
 * <p>Immutable, and on the host.
 */
public final class Sketch {

  /** The most cosines in a sketch, probes times anchors. */
  public static final int MOST_COSINES = 1 << 20;

  /** Steps from the level of the least cosine to that of the greatest. */
  private static final int STEPS = 254;

  /** Rounding in half precision may lead beyond one. */
  private static final float LARGEST_COSINE = 1.01f;

  private final int probes;
  private final int anchors;
  private final float[] lows;
  private final float[] highs;
  private final byte[] levels;

  private Sketch(int probes, int anchors, float[] lows, float[] highs, byte[] levels) {
    this.probes = probes;
    this.anchors = anchors;
    this.lows = lows;
    this.highs = highs;
    this.levels = levels;
  }

  /**
   * Sketches a relative representation; waits for the device, and copies n x k floats to the host.
   *
   * @param relative the n x k cosines, on any device
   * @return the sketch
   * @throws IllegalArgumentException if it is not a matrix of floating-point numbers from -1 to 1,
   *     or is larger than {@link #requireSize} allows
   */
  public static Sketch of(NDArray relative) {
    RelativeRepresentation.requireMatrix("the relative representation", relative);
    Shape shape = relative.getShape();
    requireSize(shape.get(0), shape.get(1));
    int anchors = (int) shape.get(1);
    float[] cosines = onHost(relative);
    float[] lows = new float[anchors];
    float[] highs = new float[anchors];
    Arrays.fill(lows, Float.POSITIVE_INFINITY);
    Arrays.fill(highs, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < cosines.length; i++) {
      if (!Float.isFinite(cosines[i])) {
        lows[i % anchors] = Float.NaN;
        highs[i % anchors] = Float.NaN;
      } else if (cosines[i] != 0) {
        lows[i % anchors] = Math.min(lows[i % anchors], cosines[i]);
        highs[i % anchors] = Math.max(highs[i % anchors], cosines[i]);
      }
    }
    for (int j = 0; j < anchors; j++) {
      if (lows[j] > highs[j]) {
        lows[j] = 0;
        highs[j] = 0;
      }
    }
    byte[] levels = new byte[cosines.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(cosines[i], lows[i % anchors], highs[i % anchors]);
    }
    return of((int) shape.get(0), anchors, lows, highs, levels);
  }

  private static float[] onHost(NDArray relative) {
    try (NDManager scratch = relative.getManager().newSubManager()) {
      NDArray view = Scratch.view(scratch, relative).stopGradient();
      return view.toType(DataType.FLOAT32, false).toFloatArray();
    }
  }

  private static byte level(float cosine, float low, float high) {
    if (cosine == 0 || Float.isNaN(low)) {
      return 0;
    }
    return (byte) (low == high ? 1 : 1 + Math.round(STEPS * ((cosine - low) / (high - low))));
  }

  /**
   * A sketch that was made before, here or elsewhere.
   *
   * @param probes n
   * @param anchors k
   * @param lows the least cosine other than zero to each of the k anchors; not a number if some are
   *     not finite
   * @param highs the greatest; not a number if the least is not
   * @param levels n x k levels, row by row: 0 is a cosine of zero, 1 the least and 255 the greatest
   *     of its anchor
   * @return the sketch
   * @throws IllegalArgumentException if the numbers do not make one, saying which and why
   */
  public static Sketch of(int probes, int anchors, float[] lows, float[] highs, byte[] levels) {
    requireSize(probes, anchors);
    requireLength("the least cosines", lows.length, anchors);
    requireLength("the greatest cosines", highs.length, anchors);
    requireLength("the levels", levels.length, probes * anchors);
    for (int j = 0; j < anchors; j++) {
      boolean isRange =
          lows[j] >= -LARGEST_COSINE && lows[j] <= highs[j] && highs[j] <= LARGEST_COSINE;
      if (!isRange && !(Float.isNaN(lows[j]) && Float.isNaN(highs[j]))) {
        throw new IllegalArgumentException(
            "cosines must be from -1 to 1, but those to anchor "
                + j
                + " are from "
                + lows[j]
                + " to "
                + highs[j]);
      }
    }
    return new Sketch(probes, anchors, lows.clone(), highs.clone(), levels.clone());
  }

  /**
   * Checks that a relative representation has a size of which sketches can be made.
   *
   * @param probes n, at least 3
   * @param anchors k, at least 1; n·k is at most {@value #MOST_COSINES}
   * @throws IllegalArgumentException if not, with the bounds
   */
  public static void requireSize(long probes, long anchors) {
    boolean isAllowed =
        probes >= Gauge.FEWEST_PROBES
            && anchors >= 1
            && probes <= MOST_COSINES
            && anchors <= MOST_COSINES
            && probes * anchors <= MOST_COSINES;
    if (!isAllowed) {
      throw new IllegalArgumentException(
          "a sketch must be of at least "
              + Gauge.FEWEST_PROBES
              + " probes and 1 anchor, and of at most "
              + MOST_COSINES
              + " cosines, but is of "
              + probes
              + " probes and "
              + anchors
              + " anchors");
    }
  }

  private static void requireLength(String what, int length, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException(what + " must be " + expected + ", but are " + length);
    }
  }

  /**
   * The relative representation, as far as the sketch has it.
   *
   * @param manager receives the array, and decides on the device
   * @return the n x k cosines in float32; not a number to anchors that have no range
   */
  public NDArray relative(NDManager manager) {
    float[] cosines = new float[levels.length];
    for (int i = 0; i < cosines.length; i++) {
      int level = Byte.toUnsignedInt(levels[i]);
      float low = lows[i % anchors];
      boolean isZero = level == 0 && !Float.isNaN(low);
      cosines[i] = isZero ? 0 : low + (level - 1) * ((highs[i % anchors] - low) / STEPS);
    }
    return manager.create(cosines, new Shape(probes, anchors));
  }

  /**
   * The number of probes.
   *
   * @return n, at least 3
   */
  public int probes() {
    return probes;
  }

  /**
   * The number of anchors.
   *
   * @return k, at least 1
   */
  public int anchors() {
    return anchors;
  }

  /**
   * The least cosine to each anchor that is not zero.
   *
   * @return k cosines, 0 if all are zero, and not a number if some are not finite; a copy
   */
  public float[] lows() {
    return lows.clone();
  }

  /**
   * The greatest cosine to each anchor that is not zero.
   *
   * @return k cosines, 0 if all are zero, and not a number if some are not finite; a copy
   */
  public float[] highs() {
    return highs.clone();
  }

  /**
   * Where each cosine lies in the range of its anchor.
   *
   * @return n x k unsigned levels, row by row, a copy
   */
  public byte[] levels() {
    return levels.clone();
  }

  /** Sketches with the same numbers are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Sketch sketch
        && probes == sketch.probes
        && anchors == sketch.anchors
        && Arrays.equals(lows, sketch.lows)
        && Arrays.equals(highs, sketch.highs)
        && Arrays.equals(levels, sketch.levels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        probes, anchors, Arrays.hashCode(lows), Arrays.hashCode(highs), Arrays.hashCode(levels));
  }

  @Override
  public String toString() {
    return "a sketch of " + probes + " probes and " + anchors + " anchors";
  }
}
