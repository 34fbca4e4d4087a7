package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import java.util.List;

/**
 * What stands above all panels: one line of title, and the subtitle in up to two.
 *
 * @param title may be blank, and then takes no room
 * @param subtitle likewise
 * @param width what there is, in pixels
 */
record Title(String title, String subtitle, double width) {

  private static final int MOST_LINES = 2;

  /** The room that it takes, with a gap below it, in pixels; 0 if both are blank. */
  double height() {
    double height = (title.isBlank() ? 0 : 24) + lines().size() * Canvas.LINE;
    return height == 0 ? 0 : height + 24;
  }

  void draw(Canvas canvas, double left, double top) {
    double y = top;
    if (!title.isBlank()) {
      String shortened = Canvas.shortened(title, Canvas.TITLE, width);
      canvas.text(shortened, left, y + 18, Align.START, Canvas.TITLE, Canvas.INK);
      y += 24;
    }
    for (String line : lines()) {
      y += Canvas.LINE;
      canvas.text(line, left, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    }
  }

  private List<String> lines() {
    return Canvas.lines(subtitle, Canvas.TEXT, width, MOST_LINES);
  }
}
