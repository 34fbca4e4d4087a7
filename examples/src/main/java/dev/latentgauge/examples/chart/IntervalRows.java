package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.IntervalChart.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is written beside the panels, line by line.
 *
 * @param headings of the groups
 * @param measures one a row
 * @param height of it all, in pixels
 */
record IntervalRows(List<Line> headings, List<Line> measures, double height) {

  /** The height of a row, in pixels. */
  static final double ROW = 21;

  private static final double PADDING = 4;
  private static final double GROUP_GAP = 8;

  /**
   * A line of text.
   *
   * @param text what it says
   * @param middle how far its middle is below the top of the panels, in pixels
   */
  record Line(String text, double middle) {}

  static IntervalRows of(List<Group> groups) {
    List<Line> headings = new ArrayList<>();
    List<Line> measures = new ArrayList<>();
    double y = PADDING;
    for (Group group : groups) {
      y += y > PADDING ? GROUP_GAP : 0;
      if (!group.heading().isBlank()) {
        headings.add(new Line(group.heading(), y + ROW / 2));
        y += ROW;
      }
      for (String measure : group.measures()) {
        measures.add(new Line(measure, y + ROW / 2));
        y += ROW;
      }
    }
    return new IntervalRows(headings, measures, y + PADDING);
  }

  /** The width of the longest line, in pixels. */
  double width() {
    return Stream.concat(headings.stream(), measures.stream())
        .mapToDouble(line -> Canvas.width(line.text(), Canvas.BOLD))
        .max()
        .orElse(0);
  }
}
