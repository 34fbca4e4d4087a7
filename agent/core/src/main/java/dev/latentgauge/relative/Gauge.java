package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
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
 * with SE² = Σψ²/(n(n-1)), and costs O(nk), no resampling. A measurement makes one copy to the
 * host, of n + 5 numbers, and under the adaptive profile one before, of the rows from which the
 * temperature is found; it waits for the device at these alone.
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

  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

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
    double variance = reference.variance().toType(DataType.FLOAT64, false).toDoubleArray()[0];
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
    try (NDArray cosines = RelativeRepresentation.of(anchors, probes)) {
      return measure(cosines);
    }
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
    try (NDManager scratch = relative.getManager().newSubManager()) {
      NDArray view = Scratch.view(scratch, relative).stopGradient();
      Concordance comparison = compare(profile.of(view));
      NDArray rowPeaks = Scratch.compute(view, cosines -> cosines.abs().max(ALONG_ROW));
      NDArray columnPeaks = Scratch.compute(view, cosines -> cosines.abs().max(ALONG_COLUMN));
      NDList record =
          new NDList(
              asDouble(rowPeaks).sum(ALONG_COLUMN, true),
              zeros(rowPeaks),
              zeros(columnPeaks),
              asDouble(comparison.beyondChance()),
              asDouble(comparison.score()),
              asDouble(comparison.influences()));
      return interpret(NDArrays.concat(record).toDoubleArray());
    }
  }

  /**
   * The score alone, as an array through which gradients flow to {@code relative}.
   *
   * <p>Nothing is checked on the host: embeddings that are not finite give NaN.
   *
   * @param relative the n x k cosines of the run, on the device of the gauge
   * @return the score, one element, attached to the manager of {@code relative}
   * @throws IllegalArgumentException if n or k differ from the reference's
   * @throws IllegalStateException if the profile is not differentiable
   */
  public NDArray score(NDArray relative) {
    requireShape(relative);
    if (!profile.differentiable()) {
      throw new IllegalStateException("no gradient flows through the profile " + profile);
    }
    return Scratch.compute(relative, r -> compare(profile.of(r)).score());
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

  private Concordance compare(NDArray profiles) {
    return Concordance.of(Concordance.Centred.of(profiles), reference);
  }

  private Measurement interpret(double[] record) {
    double magnitude = record[0];
    double zeroRows = record[1];
    double zeroColumns = record[2];
    double beyondChance = record[3];
    double score = record[4];
    if (!Double.isFinite(magnitude + beyondChance + score)) {
      return Measurement.undefined(Undefined.NON_FINITE, 0);
    }
    if (zeroRows > LARGEST_ZERO_SHARE * probes) {
      return Measurement.undefined(tooManyZeros("probes", zeroRows, probes), (int) zeroRows);
    }
    if (zeroColumns > LARGEST_ZERO_SHARE * anchors) {
      return Measurement.undefined(tooManyZeros("anchors", zeroColumns, anchors), (int) zeroRows);
    }
    double[] influences = Arrays.copyOfRange(record, 5, record.length);
    Score outcome =
        new Score(
            1 - beyondChance * (1 - score),
            1 - beyondChance,
            score,
            Measurement.standardError(influences),
            probes,
            anchors);
    return new Measurement(outcome, (int) zeroRows, influences);
  }

  static String tooManyZeros(String which, double zeros, int all) {
    return Math.round(zeros)
        + " of "
        + all
        + " "
        + which
        + " have a zero embedding, at most a fifth may";
  }

  private static NDArray zeros(NDArray peaks) {
    return asDouble(peaks.eq(0)).sum(ALONG_COLUMN, true);
  }

  private static NDArray asDouble(NDArray array) {
    return array.toType(DataType.FLOAT64, false);
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
      Concordance.Centred centred =
          Concordance.Centred.of(profile.of(Scratch.view(scratch, relative)));
      new NDList(centred.mean(), centred.rows(), centred.squares(), centred.variance())
          .attach(manager);
      return centred;
    }
  }
}
