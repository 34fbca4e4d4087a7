package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.PointGrid.Point;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * The dots of one panel.
 *
 * @param plot the panel
 * @param categories in the order of their colours
 * @param points what to draw
 */
record PointPanel(Plot plot, List<String> categories, List<Point> points) {

  private static final double MARGIN = 0.06;
  private static final int ALPHA = 190;

  /**
   * A layer has all categories, so that none hides another; every layer costs an element of the SVG
   * a category.
   */
  private static final int LAYERS = 4;

  /** A square that has all points, with the same scale in both directions. */
  static Plot plot(List<Point> points, double left, double top, double side) {
    DoubleSummaryStatistics x = points.stream().mapToDouble(Point::x).summaryStatistics();
    DoubleSummaryStatistics y = points.stream().mapToDouble(Point::y).summaryStatistics();
    double reach =
        points.isEmpty() ? 0.5 : Math.max(x.getMax() - x.getMin(), y.getMax() - y.getMin()) / 2;
    Axis horizontal =
        Axis.legible(
            new double[] {middle(x) - reach, middle(x) + reach}, MARGIN, left, left + side);
    return new Plot(horizontal, horizontal.elsewhere(middle(y), top + side, top));
  }

  private static double middle(DoubleSummaryStatistics values) {
    return values.getCount() == 0 ? 0.5 : (values.getMin() + values.getMax()) / 2;
  }

  void draw(Canvas canvas) {
    int count = points.size();
    for (int layer = 0; layer < LAYERS; layer++) {
      drawLayer(canvas, points.subList(layer * count / LAYERS, (layer + 1) * count / LAYERS));
    }
    if (points.isEmpty()) {
      plot.drawNotice(canvas, "nothing measured");
    }
  }

  private void drawLayer(Canvas canvas, List<Point> layer) {
    for (int i = 0; i < categories.size(); i++) {
      List<Canvas.Place> places = new ArrayList<>();
      for (Point point : layer) {
        if (point.category().equals(categories.get(i))) {
          places.add(new Canvas.Place(plot.x().at(point.x()), plot.y().at(point.y())));
        }
      }
      canvas.dots(places, radius(), Canvas.withAlpha(RunStyle.of(i).color(), ALPHA));
    }
  }

  private double radius() {
    return points.size() > 2000 ? 1.2 : points.size() > 300 ? 1.7 : 2.3;
  }
}
