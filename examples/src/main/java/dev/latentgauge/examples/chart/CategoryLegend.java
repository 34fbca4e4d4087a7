package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** What the colours and markers of the dots stand for, in as few lines as fit the width. */
final class CategoryLegend {

  private static final double ROW = 22;
  private static final double SAMPLE = 16;
  private static final double GAP = 26;
  private static final double LONGEST_NAME = 240;
  private static final double RADIUS = 4.5;

  private final String title;
  private final List<String> names;
  private final List<Point2D> places = new ArrayList<>();
  private final double height;

  private final IntFunction<RunStyle> styles;

  /** A legend of categories that differ in colour and shape. */
  CategoryLegend(String title, List<String> categories, double width) {
    this(title, categories, RunStyle::of, width);
  }

  /** A legend of categories that differ in colour alone, for dots too small to have a shape. */
  static CategoryLegend ofColours(String title, List<String> categories, double width) {
    return new CategoryLegend(title, categories, RunStyle::round, width);
  }

  /**
   * Lays the entries out.
   *
   * @param title what the categories are; may be blank
   * @param categories in the order of their styles
   * @param styles by index
   * @param width what there is, in pixels
   */
  private CategoryLegend(
      String title, List<String> categories, IntFunction<RunStyle> styles, double width) {
    this.styles = styles;
    this.title = Canvas.shortened(title, Canvas.TEXT, LONGEST_NAME);
    this.names =
        categories.stream().map(name -> Canvas.shortened(name, Canvas.TEXT, LONGEST_NAME)).toList();
    double first = title.isBlank() ? 0 : Canvas.width(this.title, Canvas.TEXT) + GAP;
    double x = first;
    double y = ROW / 2;
    for (String name : names) {
      double needed = SAMPLE + Canvas.width(name, Canvas.TEXT);
      if (x > first && x + needed > width) {
        x = first;
        y += ROW;
      }
      places.add(new Point2D.Double(x, y));
      x += needed + GAP;
    }
    this.height = names.isEmpty() ? 0 : y + ROW / 2;
  }

  double height() {
    return height;
  }

  void draw(Canvas canvas, double left, double top) {
    if (names.isEmpty()) {
      return;
    }
    canvas.textBeside(title, left, top + ROW / 2, Align.START, Canvas.TEXT, Canvas.MUTED);
    for (int i = 0; i < names.size(); i++) {
      double x = left + places.get(i).getX();
      double y = top + places.get(i).getY();
      canvas.marker(styles.apply(i), x + RADIUS, y, RADIUS);
      canvas.textBeside(names.get(i), x + SAMPLE, y, Align.START, Canvas.TEXT, Canvas.INK);
    }
  }
}
