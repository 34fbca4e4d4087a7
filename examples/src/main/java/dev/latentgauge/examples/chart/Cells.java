package dev.latentgauge.examples.chart;

/**
 * Places for panels of equal width, row by row from the top left.
 *
 * @param columns how many stand side by side, at least 1
 * @param left where the first column starts, in pixels
 * @param right where the last column ends, in pixels
 * @param gap between columns, in pixels
 */
record Cells(int columns, double left, double right, double gap) {

  /** As few rows as {@code most} columns allow, and as few columns as these rows need. */
  static int balanced(int panels, int most) {
    int rows = Math.max(1, (panels + most - 1) / most);
    return Math.max(1, (panels + rows - 1) / rows);
  }

  int rows(int panels) {
    return Math.max(1, (panels + columns - 1) / columns);
  }

  int row(int panel) {
    return panel / columns;
  }

  boolean isFirstOfRow(int panel) {
    return panel % columns == 0;
  }

  double width() {
    return (right - left - (columns - 1) * gap) / columns;
  }

  double leftOf(int panel) {
    return left + panel % columns * (width() + gap);
  }
}
