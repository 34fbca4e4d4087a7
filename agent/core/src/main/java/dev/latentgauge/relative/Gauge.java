package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Scores relative representations against one reference.
 *
 * <p>With u and v the profiles of a probe in run and reference, x and y the same less their means,
 * δ the difference of the means, m the mean of x·y and V the mean squares, the score is
 *
 * <pre>    q = n/(n-1) · m / (1-c),   1-c = (Vu + Vv + |δ|²)/2 + m/(n-1)</pre>
 *
 * which equals (s-c)/(1-c) for the mean similarity s of matching and c of mismatched pairs, since
 * profiles have length one. This form never subtracts two numbers near one: where representations
 * are nearly constant (1-c = 1e-6) the plain form in float32 is off by .18. The standard error
 * comes from the influence function of q,
 *
 * <pre>    ψ = (x·y - m + q g)/(1-c),   g = (Vu+Vv)/2 - (|x|²+|y|²)/2 + (x-y)·δ</pre>
 *
 * with SE² = Σψ²/(n(n-1)), and costs O(nk), no resampling. Beyond the cosines a measurement takes a
 * copy of them, where they are the caller's, and blocks of a few megabytes. It copies to the host
 * 5n + k numbers, from which score and errors are computed in double precision, and under an
 * adaptive profile the rows from which the temperature is found. A GPU is waited for at these, and
 * at n + k marks of zero rows and columns, alone; on a CPU these are looked for first.
 *
 * <p>Not thread-safe: the arrays belong to a manager, and managers are not.
 *
 * @see <a href="https://doi.org/10.2307/2532051">Lin 1989, A concordance correlation coefficient to
 *     evaluate reproducibility, Biometrics 45(1)</a>
 */
public final class Gauge implements AutoCloseable {

  /** The share of probes, or of anchors, with a zero embedding above which nothing is said. */
  public static final double LARGEST_ZERO_SHARE = 0.2;

  /** The fewest probes from which a score and its error can be computed. */
  public static final int FEWEST_PROBES = 3;

  /** The least variance of profiles that tell probes apart. */
  static final double SMALLEST_VARIANCE = 1e-10;

  private final Profile profile;
  private final NDManager manager;
  private final NDArray relative;
  private final Concordance.Centred reference;
  private final int probes;
  private final int anchors;

  private Gauge(Profile profile, NDManager manager, NDArray relative) {
    this.profile = profile;
    this.manager = manager;
    this.relative = relative;
    this.probes = Math.toIntExact(relative.getShape().get(0));
    this.anchors = Math.toIntExact(relative.getShape().get(1));
    this.reference = kept(profile, relative, manager);
  }

  /**
   * Prepares to score against a reference, on the device of its array.
   *
   * @param relative the n x k cosines of the reference, which is copied
   * @param profile the profile under which run and reference are compared
   * @return the gauge, to be closed; it is closed with the manager of {@code relative} too
   * @throws IllegalArgumentException if the reference cannot be compared with anything: fewer than
   *     3 probes, cosines that are not finite, more than a fifth of zero rows or columns, or
   *     profiles that are the same for every probe
   */
  public static Gauge of(NDArray relative, Profile profile) {
    RelativeRepresentation.requireMatrix("the relative representation of the reference", relative);
    if (relative.getShape().get(0) < FEWEST_PROBES || relative.getShape().get(1) < 1) {
      throw new IllegalArgumentException(
          "a reference must have at least "
              + FEWEST_PROBES
              + " probes and 1 anchor, but its relative representation has shape "
              + relative.getShape());
    }
    Gauge gauge = unchecked(relative, profile);
    try {
      gauge.requireUsable();
      return gauge;
    } catch (RuntimeException e) {
      gauge.close();
      throw e;
    }
  }

  /**
   * A gauge whose reference may be unusable; its measurements are then undefined or meaningless.
   */
  static Gauge unchecked(NDArray relative, Profile profile) {
    NDManager manager = relative.getManager().newSubManager();
    try {
      NDArray copy = relative.duplicate();
      copy.attach(manager);
      return new Gauge(profile, manager, copy);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private void requireUsable() {
    double variance = Arrays.stream(Scratch.numbers(reference.squares())).average().orElse(0);
    if (variance < SMALLEST_VARIANCE) {
      throw new IllegalArgumentException(
          "the reference is not usable: its model hardly tells the probes apart (the profiles have"
              + " a variance of "
              + variance
              + ", at least "
              + SMALLEST_VARIANCE
              + " is needed)");
    }
    Measurement itself = measure(relative);
    if (itself.outcome() instanceof Undefined undefined) {
      throw new IllegalArgumentException("the reference is not usable: " + undefined.reason());
    }
  }

  /**
   * Measures a run from its embeddings.
   *
   * @param anchors the k x d embeddings of the anchors, on the device of the gauge
   * @param probes the n x d embeddings of the probes, on the same device; d may differ from the
   *     reference's
   * @return the measurement, undefined where the embeddings allow none
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public Measurement measure(NDArray anchors, NDArray probes) {
    return measureAndClose(RelativeRepresentation.of(anchors, probes));
  }

  /**
   * Measures a run from its relative representation.
   *
   * @param relative the n x k cosines of the run, on the device of the gauge
   * @return the measurement, undefined where the cosines allow none
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public Measurement measure(NDArray relative) {
    requireShape(relative);
    return measureAndClose(relative.duplicate());
  }

  /**
   * Measures a run from its relative representation, which it uses up: so there is no copy, which
   * would take as much memory again, and up to a tenth of the time.
   *
   * @param relative the n x k cosines of the run, on the device of the gauge; they are overwritten,
   *     as are those of any array that shares memory with them, and the array is closed
   * @return the measurement, undefined where the cosines allow none
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public Measurement measureAndClose(NDArray relative) {
    try (relative) {
      requireShape(relative);
      return measureOnce(relative);
    }
  }

  /** Measures from cosines that are used up. */
  private Measurement measureOnce(NDArray relative) {
    try (NDManager scratch = relative.getManager().newSubManager()) {
      NDArray own = relative.stopGradient();
      own.attach(scratch);
      RowBlocks cosines = RowBlocks.overwriting(own);
      Optional<NDArray> zeroRows = cosines.zeroRows();
      Optional<NDArray> zeroColumns = cosines.zeroColumns();
      Profiling profiles = Profiling.of(profile, cosines);
      Concordance comparison = Concordance.of(cosines, profiles.sum(), reference);
      return comparison.isDefined()
          ? interpret(number(zeroRows), number(zeroColumns), comparison)
          : Measurement.undefined(Undefined.NON_FINITE, 0);
    }
  }

  /**
   * The score alone, as an array through which gradients flow to {@code relative}.
   *
   * <p>What is not finite gives NaN. Rows and columns of zeros are not counted as {@link #measure}
   * counts them; where the profile is standardised, rows of zeros have a gradient of zero. The
   * gradient is computed at once, by the formula and in blocks, whether it will be asked for or
   * not, and is all that is kept until the backward pass. A gradient of the gradient would be zero,
   * which is wrong.
   *
   * @param relative the n x k cosines of the run, on the device of the gauge
   * @return the score, one element of the data type of {@code relative} and attached to its manager
   * @throws IllegalArgumentException if n or k differ from the reference's
   * @throws IllegalStateException if the profile is not differentiable
   */
  public NDArray score(NDArray relative) {
    requireShape(relative);
    return Scratch.compute(relative, r -> DifferentiableScore.of(r, profile, reference));
  }

  /**
   * The standard error of a run's score over the choice of anchors, from {@value
   * HalfSamples#HALVINGS} random halvings of them.
   *
   * <p>It is larger than that over the choice of probes, and common to all runs that are measured
   * against one reference. Takes the time of as many measurements; equal cosines have equal errors.
   *
   * @param relative the n x k cosines of the run, on the device of the gauge
   * @return the standard error; absent with fewer than {@value HalfSamples#FEWEST_ANCHORS} anchors,
   *     or where the score is undefined
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public OptionalDouble anchorError(NDArray relative) {
    requireShape(relative);
    try (NDManager scratch = relative.getManager().newSubManager()) {
      return new HalfSamples(
              Scratch.view(scratch, this.relative), Scratch.view(scratch, relative), profile)
          .standardError();
    }
  }

  /** How many there are of what is marked by ones. */
  static int number(Optional<NDArray> marks) {
    return marks.map(marked -> (int) Arrays.stream(Scratch.numbers(marked)).sum()).orElse(0);
  }

  private Measurement interpret(int zeroRows, int zeroColumns, Concordance comparison) {
    if (zeroRows > LARGEST_ZERO_SHARE * probes) {
      return Measurement.undefined(tooManyZeros("probes", zeroRows, probes), zeroRows);
    }
    if (zeroColumns > LARGEST_ZERO_SHARE * anchors) {
      return Measurement.undefined(tooManyZeros("anchors", zeroColumns, anchors), zeroRows);
    }
    return new Measurement(comparison.score(anchors), zeroRows, comparison.influences());
  }

  static String tooManyZeros(String which, int zeros, int all) {
    return zeros + " of " + all + " " + which + " have a zero embedding, at most a fifth may";
  }

  private void requireShape(NDArray relative) {
    RelativeRepresentation.requireMatrix("the relative representation", relative);
    long n = relative.getShape().get(0);
    long k = relative.getShape().get(1);
    if (n != probes || k != anchors) {
      throw new IllegalArgumentException(
          "the reference has "
              + probes
              + " probes and "
              + anchors
              + " anchors, but the run has "
              + n
              + " and "
              + k);
    }
  }

  /** Releases the arrays of the reference. */
  @Override
  public void close() {
    manager.close();
  }

  /** The profiles of a reference, without what they were computed from. */
  private static Concordance.Centred kept(Profile profile, NDArray relative, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      RowBlocks copy =
          RowBlocks.overwriting(Scratch.view(scratch, relative).stopGradient().duplicate());
      Concordance.Centred centred = centred(profile, copy);
      new NDList(centred.mean(), centred.rows(), centred.squares()).attach(manager);
      return centred;
    }
  }

  private static Concordance.Centred centred(Profile profile, RowBlocks cosines) {
    return Concordance.Centred.of(cosines, Profiling.of(profile, cosines).sum());
  }
}
