package dev.latentgauge.benchmarks;

/**
 * What a benchmark is to show, and what it has shown.
 *
 * @param text what is asked
 * @param limit the number that is asked
 * @param isMost whether it must not be exceeded, rather than reached
 * @param measured what was seen where it was worst
 * @param where where that was
 */
record Goal(String text, double limit, boolean isMost, Cell measured, String where) {

  static Goal atMost(String text, double limit, Cell measured, String where) {
    return new Goal(text, limit, true, measured, where);
  }

  static Goal atLeast(String text, double limit, Cell measured, String where) {
    return new Goal(text, limit, false, measured, where);
  }

  /** Whether the median is what is asked. */
  boolean isMet() {
    return isMost ? measured.number() <= limit : measured.number() >= limit;
  }

  /**
   * A row of a table.
   *
   * @param suffix says on what it was measured, if that is not usual
   */
  String markdown(String suffix) {
    return "| "
        + text
        + suffix
        + " | "
        + (isMost ? "≤ " : "≥ ")
        + Cell.of(limit).markdown()
        + " | "
        + measured.markdown()
        + " | "
        + where
        + " | "
        + (isMet() ? "met" : "**not met**")
        + " |\n";
  }
}
