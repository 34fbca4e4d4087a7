package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.IntervalRows.Line;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import org.jspecify.annotations.Nullable;

/**
 * One task: a dot with an interval for each measure, and the number beside it.
 *
 * @param plot the panel
 * @param numbers where the numbers end, to the right of the panel, in pixels
 * @param rows the measures
 * @param emphasised the measure that stands out
 * @param panel what to draw
 */
record IntervalPanel(
    Plot plot, double numbers, IntervalRows rows, String emphasised, IntervalChart.Panel panel) {

  /** The room for the numbers, in pixels. */
  static final double NUMBERS = 42;

  static final Color EMPHASIS = new Color(0x0072B2);
  static final Color ORDINARY = new Color(0x666666);
  private static final Color CEILING = new Color(0xD55E00);

  private static final double RADIUS = 3;
  private static final double ARROW = 6;

  void draw(Canvas canvas) {
    for (Line row : rows.measures()) {
      double y = y(row);
      canvas.line(plot.left(), y, plot.right(), y, 1, Canvas.GRID);
    }
    plot.drawHorizontalAxis(canvas, plot.x()::number);
    if (isInside(0)) {
      canvas.line(at(0), plot.top(), at(0), plot.bottom(), 1, Canvas.MUTED);
    }
    panel.ceiling().stream()
        .filter(this::isInside)
        .forEach(ceiling -> drawCeiling(canvas, at(ceiling), plot.top(), plot.bottom()));
    for (Line row : rows.measures()) {
      drawRow(canvas, row);
    }
  }

  /** Draws a ceiling, or a sample of one. */
  static void drawCeiling(Canvas canvas, double x, double top, double bottom) {
    BasicStroke dashes =
        new BasicStroke(
            1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {5, 3}, 0);
    canvas.stroke(new Line2D.Double(x, top, x, bottom), dashes, CEILING);
  }

  /** Draws a dot with the middle of its interval, or a sample of one. */
  static void drawDot(Canvas canvas, double x, double y, boolean emphasised) {
    RunStyle style =
        new RunStyle(emphasised ? EMPHASIS : ORDINARY, Marker.CIRCLE, new BasicStroke());
    canvas.marker(style, x, y, emphasised ? RADIUS + 0.6 : RADIUS);
  }

  static void drawReach(Canvas canvas, double from, double to, double y, boolean emphasised) {
    canvas.line(from, y, to, y, emphasised ? 2.8f : 1.6f, emphasised ? EMPHASIS : ORDINARY);
  }

  /** Draws the sign that something goes on to the left (-1) or right (1). */
  static void drawArrow(Canvas canvas, double tip, double y, int direction, boolean emphasised) {
    Path2D arrow = new Path2D.Double();
    arrow.moveTo(tip, y);
    arrow.lineTo(tip - direction * ARROW, y - ARROW * 0.7);
    arrow.lineTo(tip - direction * ARROW, y + ARROW * 0.7);
    arrow.closePath();
    canvas.fill(arrow, emphasised ? EMPHASIS : ORDINARY);
  }

  private void drawRow(Canvas canvas, Line row) {
    boolean emphasise = row.text().equals(emphasised);
    @Nullable Interval interval = panel.intervals().get(row.text());
    if (interval == null) {
      canvas.textBeside("n/a", numbers, y(row), Align.END, Canvas.TEXT, Canvas.MUTED);
      return;
    }
    canvas.textBeside(
        plot.x().precise(interval.value()),
        numbers,
        y(row),
        Align.END,
        emphasise ? Canvas.BOLD : Canvas.TEXT,
        emphasise ? EMPHASIS : Canvas.INK);
    drawInterval(canvas, interval, y(row), emphasise);
  }

  private void drawInterval(Canvas canvas, Interval interval, double y, boolean emphasise) {
    Axis x = plot.x();
    double from = Math.max(interval.low(), x.low());
    double to = Math.min(interval.high(), x.high());
    if (from < to) {
      drawReach(canvas, at(from), at(to), y, emphasise);
    }
    if (Math.min(interval.low(), interval.value()) < x.low()) {
      drawArrow(canvas, plot.left(), y, -1, emphasise);
    }
    if (Math.max(interval.high(), interval.value()) > x.high()) {
      drawArrow(canvas, plot.right(), y, 1, emphasise);
    }
    if (isInside(interval.value())) {
      drawDot(canvas, at(interval.value()), y, emphasise);
    }
  }

  private boolean isInside(double value) {
    return value >= plot.x().low() && value <= plot.x().high();
  }

  private double at(double value) {
    return plot.x().at(value);
  }

  private double y(Line row) {
    return plot.top() + row.middle();
  }
}
