package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/** The concordance of two sets of n profiles, centred as {@link Gauge} explains it. */
final class Concordance {

  private static final int[] ALONG_ROW = {1};

  /** How many numbers are copied of each probe: see {@link #terms}. */
  private static final int TERMS = 4;

  private final double score;
  private final double beyondChance;
  private final double[] influences;

  private Concordance(double score, double beyondChance, double[] influences) {
    this.score = score;
    this.beyondChance = beyondChance;
    this.influences = influences;
  }

  /**
   * Profiles less their mean.
   *
   * @param mean k
   * @param rows n x k
   * @param squares n, the squared lengths of the rows
   */
  record Centred(NDArray mean, NDArray rows, NDArray squares) {

    /**
     * Centres profiles, which are used up.
     *
     * @param sum of each of their columns, k
     */
    static Centred of(RowBlocks profiles, NDArray sum) {
      NDArray mean = sum.div(profiles.count());
      NDArray squares =
          profiles.joined(
              block -> {
                block.subtract(mean);
                return block.rows().norm(ALONG_ROW).square();
              });
      return new Centred(mean, profiles.matrix(), squares);
    }
  }

  /** The mean of the reference less that of the run, which keeps it off the reference's manager. */
  static NDArray shift(NDArray mean, Centred reference) {
    return mean.neg().add(reference.mean());
  }

  /**
   * Compares two sets of as many profiles, with one copy of 5n + k numbers to the host.
   *
   * @param run the profiles of the run, which are used up
   * @param sum of each of their columns, k
   */
  static Concordance of(RowBlocks run, NDArray sum, Centred reference) {
    NDArray mean = sum.div(run.count());
    NDArray shift = shift(mean, reference);
    NDArray terms = run.joined(block -> terms(block, mean, shift, reference));
    NDList record = new NDList(shift, reference.squares(), terms.flatten());
    return of(Math.toIntExact(run.rows()), Scratch.numbers(NDArrays.concat(record)));
  }

  /**
   * Centres a block, and answers of each of its rows x, with y that of the reference and δ the
   * shift: |x|, x·y, x·δ and y·δ.
   */
  private static NDArray terms(
      RowBlocks.Block block, NDArray mean, NDArray shift, Centred reference) {
    block.subtract(mean);
    NDArray run = block.rows();
    NDArray others = block.of(reference.rows());
    return NDArrays.stack(
        new NDList(
            run.norm(ALONG_ROW),
            run.mul(others).sum(ALONG_ROW),
            run.matMul(shift.toType(run.getDataType(), false)),
            others.matMul(shift.toType(others.getDataType(), false))),
        1);
  }

  private static Concordance of(int probes, double[] record) {
    int terms = record.length - TERMS * probes;
    int others = terms - probes;
    double distances = 0;
    for (int i = 0; i < others; i++) {
      distances += record[i] * record[i];
    }
    double product = 0;
    double[] squares = new double[probes];
    double variances = 0;
    for (int i = 0; i < probes; i++) {
      double length = record[terms + TERMS * i];
      squares[i] = length * length + record[others + i];
      variances += squares[i] / probes;
      product += record[terms + TERMS * i + 1] / probes;
    }
    double beyondChance = (variances + distances) / 2 + product / (probes - 1);
    double score = product * probes / (probes - 1) / beyondChance;
    double[] influences = new double[probes];
    for (int i = 0; i < probes; i++) {
      int at = terms + TERMS * i;
      double spread = (variances - squares[i]) / 2 + record[at + 2] - record[at + 3];
      influences[i] = (record[at + 1] - product + spread * score) / beyondChance;
    }
    return new Concordance(score, beyondChance, influences);
  }

  /** Whether it can be told: not where profiles are not, or where one side tells nothing apart. */
  boolean isDefined() {
    return Double.isFinite(score + beyondChance);
  }

  /** The score, of profiles over so many anchors. */
  Score score(int anchors) {
    return new Score(
        1 - beyondChance * (1 - score),
        1 - beyondChance,
        score,
        Measurement.standardError(influences),
        influences.length,
        anchors);
  }

  /** How far each of the n probes pulls the score away from its value. */
  double[] influences() {
    return influences;
  }
}
