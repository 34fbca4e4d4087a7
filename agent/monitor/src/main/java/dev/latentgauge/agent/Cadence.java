package dev.latentgauge.agent;

/**
 * When a training is measured.
 *
 * <p>Whatever the cadence, the first measurement is made before the first update, as a baseline,
 * and the last one when the training ends.
 */
public final class Cadence {

  private enum Unit {
    BATCH,
    EPOCH
  }

  private final Unit unit;
  private final int every;

  private Cadence(Unit unit, int every) {
    this.unit = unit;
    this.every = every;
  }

  /**
   * Measures after every so many batches.
   *
   * @param n at least 1
   * @return the cadence
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public static Cadence everyBatches(int n) {
    return new Cadence(Unit.BATCH, atLeastOne("batches", n));
  }

  /**
   * Measures after every so many passes over the data.
   *
   * @param n at least 1
   * @return the cadence
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public static Cadence everyEpochs(int n) {
    return new Cadence(Unit.EPOCH, atLeastOne("epochs", n));
  }

  private static int atLeastOne(String unit, int n) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "a cadence must be of at least 1 " + unit + ", but is of " + n);
    }
    return n;
  }

  /** Whether to measure when {@code steps} updates have been applied, within an epoch. */
  boolean dueAfterSteps(long steps) {
    return unit == Unit.BATCH && steps % every == 0;
  }

  /** Whether to measure when {@code epochs} passes over the data are complete. */
  boolean dueAfterEpochs(long epochs) {
    return unit == Unit.EPOCH && epochs % every == 0;
  }

  @Override
  public String toString() {
    return "every " + every + (unit == Unit.BATCH ? " batches" : " epochs");
  }
}
