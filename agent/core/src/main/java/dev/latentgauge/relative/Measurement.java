package dev.latentgauge.relative;

import java.util.Arrays;
import java.util.Optional;

/**
 * One comparison of a run with its reference: the outcome, and what each probe contributed to it.
 *
 * <p>Immutable, and on the host.
 */
public final class Measurement {

  private final Outcome outcome;
  private final int zeroRows;
  private final double[] influences;

  Measurement(Outcome outcome, int zeroRows, double[] influences) {
    this.outcome = outcome;
    this.zeroRows = zeroRows;
    this.influences = influences;
  }

  /**
   * A measurement that was made before, and kept.
   *
   * @param score the score
   * @param influences what each of its n probes contributed, in their order
   * @return a measurement whose number of zero rows is not known, and 0
   * @throws IllegalArgumentException if there are not as many influences as probes
   */
  public static Measurement of(Score score, double[] influences) {
    if (influences.length != score.probes()) {
      throw new IllegalArgumentException(
          "there must be an influence for each of "
              + score.probes()
              + " probes, but are "
              + influences.length);
    }
    return new Measurement(score, 0, influences.clone());
  }

  /**
   * A measurement that could not be made.
   *
   * @param reason why, a short phrase for people
   * @return a measurement without a score
   */
  public static Measurement undefined(String reason) {
    return undefined(reason, 0);
  }

  static Measurement undefined(String reason, int zeroRows) {
    return new Measurement(new Undefined(reason), zeroRows, new double[0]);
  }

  /**
   * What the measurement came to.
   *
   * @return the score, or why there is none
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * How many probes the run embedded as zero, which says nothing about them.
   *
   * @return a count from 0 to n; 0 if it could not be counted
   */
  public int zeroRows() {
    return zeroRows;
  }

  /**
   * How far each probe pulled the score away from its value: they sum to zero, and the sum of their
   * squares over n(n-1) is the squared standard error.
   *
   * @return n influences in the order of the probes, a copy; empty if the score is undefined
   */
  public double[] influences() {
    return influences.clone();
  }

  /**
   * By how much this score exceeds another, with the error of that difference.
   *
   * @param other a measurement of other embeddings of the same probes against the same reference,
   *     such as an earlier checkpoint
   * @return the difference; absent if either score is undefined
   * @throws IllegalArgumentException if the measurements are not of the same number of probes
   */
  public Optional<Difference> minus(Measurement other) {
    if (!(outcome instanceof Score score) || !(other.outcome instanceof Score otherScore)) {
      return Optional.empty();
    }
    if (score.probes() != otherScore.probes()) {
      throw new IllegalArgumentException(
          "only scores of the same probes have a difference, but one is of "
              + score.probes()
              + " and the other of "
              + otherScore.probes());
    }
    double[] differences = new double[influences.length];
    Arrays.setAll(differences, i -> influences[i] - other.influences[i]);
    return Optional.of(
        new Difference(score.value() - otherScore.value(), standardError(differences)));
  }

  /** What the influences of n probes say about the error of their mean. */
  static double standardError(double[] influences) {
    double n = influences.length;
    double squares = Arrays.stream(influences).map(psi -> psi * psi).sum();
    return Math.sqrt(squares / n / (n - 1));
  }
}
