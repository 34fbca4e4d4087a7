package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;

/**
 * The concordance of two sets of n profiles, centred as {@link Gauge} explains it.
 *
 * @param run the profiles of one side
 * @param reference those of the other
 * @param products the inner products of centred profiles of the same probe, n of them
 * @param product their mean, one element
 * @param shift the mean profile of the reference less that of the run, k numbers
 * @param beyondChance one less the mean inner product of mismatched profiles, one element
 * @param score the score, one element
 */
record Concordance(
    Centred run,
    Centred reference,
    NDArray products,
    NDArray product,
    NDArray shift,
    NDArray beyondChance,
    NDArray score) {

  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  /** Profiles less their mean; scalars are arrays of one element, which keep their data type. */
  record Centred(NDArray mean, NDArray rows, NDArray squares, NDArray variance) {

    static Centred of(NDArray profiles) {
      NDArray mean = profiles.mean(ALONG_COLUMN);
      NDArray rows = profiles.sub(mean);
      NDArray squares = rows.square().sum(ALONG_ROW);
      return new Centred(mean, rows, squares, squares.mean(ALONG_COLUMN, true));
    }
  }

  /** Compares two sets of as many profiles; gradients flow to those of the run. */
  static Concordance of(Centred run, Centred reference) {
    double probes = run.rows().getShape().get(0);
    NDArray products = run.rows().mul(reference.rows()).sum(ALONG_ROW);
    NDArray product = products.mean(ALONG_COLUMN, true);
    NDArray shift = run.mean().neg().add(reference.mean());
    NDArray distances =
        run.variance().add(reference.variance()).add(shift.square().sum(ALONG_COLUMN, true));
    NDArray beyondChance =
        Scratch.times(distances, 0.5).add(Scratch.times(product, 1 / (probes - 1)));
    NDArray score = Scratch.times(product, probes / (probes - 1)).div(beyondChance);
    return new Concordance(run, reference, products, product, shift, beyondChance, score);
  }

  /** How far each of the n probes pulls the score away from its value. */
  NDArray influences() {
    NDArray spread =
        run.variance()
            .add(reference.variance())
            .sub(run.squares())
            .sub(reference.squares())
            .mul(0.5);
    NDArray drift = run.rows().sub(reference.rows()).mul(shift).sum(ALONG_ROW);
    return products.sub(product).add(spread.add(drift).mul(score)).div(beyondChance);
  }
}
