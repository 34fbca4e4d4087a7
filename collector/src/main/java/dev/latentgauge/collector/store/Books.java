package dev.latentgauge.collector.store;

/**
 * What a history comes to after some number of changes.
 *
 * @param changes how many changes there were, each of which has the number that this had after it
 * @param accepted how many observations were ever stored
 * @param expired how many runs were ever deleted for their age or for room
 * @param totals what is stored
 */
record Books(long changes, long accepted, long expired, Totals totals) {

  /** Of a history without a past. */
  static final Books NONE = new Books(0, 0, 0, Totals.NONE);

  Books with(Totals then) {
    return new Books(changes, accepted, expired, then);
  }

  Books accepting(int observations) {
    return new Books(changes, accepted + observations, expired, totals);
  }

  Books expiring() {
    return new Books(changes, accepted, expired + 1, totals);
  }

  Books changed(int more) {
    return new Books(changes + more, accepted, expired, totals);
  }
}
