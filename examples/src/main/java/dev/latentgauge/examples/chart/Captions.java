package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What stands below the headings of panels: as many lines in each as the longest one needs. */
final class Captions {

  private static final int MOST_LINES = 3;

  private final List<List<String>> captions;
  private final int most;

  /**
   * Breaks texts at spaces.
   *
   * @param texts one a panel; may be blank
   * @param width of a panel
   */
  Captions(List<String> texts, double width) {
    captions =
        texts.stream().map(text -> Canvas.lines(text, Canvas.TEXT, width, MOST_LINES)).toList();
    most = captions.stream().mapToInt(List::size).max().orElse(0);
  }

  /** The lines of a panel, empty ones at its end so that all have as many. */
  List<String> of(int panel) {
    List<String> lines = new ArrayList<>(captions.get(panel));
    lines.addAll(Collections.nCopies(most - lines.size(), ""));
    return lines;
  }

  /** The room above a panel for its heading and caption. */
  double head() {
    return Plot.HEAD + (most - 1) * Canvas.LINE;
  }
}
