package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A panel without its data: two axes with grid, numbers and words.
 *
 * @param x the horizontal axis
 * @param y the vertical axis, which rises
 */
record Plot(Axis x, Axis y) {

  /** The height above a panel that its heading and caption take, in pixels. */
  static final double HEAD = 48;

  /** The height below a panel that its numbers and label take, in pixels. */
  static final double FOOT = 46;

  double left() {
    return x.start();
  }

  double right() {
    return x.end();
  }

  double top() {
    return y.end();
  }

  double bottom() {
    return y.start();
  }

  /** Writes what the panel shows above it. */
  void drawHead(Canvas canvas, String heading, String caption) {
    drawHead(canvas, left(), heading, List.of(caption));
  }

  /** The same from elsewhere and with any number of lines, each of which moves the heading up. */
  void drawHead(Canvas canvas, double start, String heading, List<String> caption) {
    double y = top() - 13 - caption.size() * Canvas.LINE;
    canvas.text(heading, start, y - 2, Align.START, Canvas.HEADING, Canvas.INK);
    for (String line : caption) {
      y += Canvas.LINE;
      canvas.text(line, start, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    }
  }

  void drawAxes(
      Canvas canvas, DoubleFunction<String> xText, DoubleFunction<String> yText, String xLabel) {
    for (double tick : y.ticks()) {
      canvas.line(left(), y.at(tick), right(), y.at(tick), 1, Canvas.GRID);
      canvas.textBeside(
          yText.apply(tick), left() - 8, y.at(tick), Align.END, Canvas.TEXT, Canvas.MUTED);
    }
    drawHorizontalAxis(canvas, xText);
    canvas.text(
        xLabel, (left() + right()) / 2, bottom() + 38, Align.MIDDLE, Canvas.TEXT, Canvas.INK);
  }

  /** Draws the lower axis alone, without its label. */
  void drawHorizontalAxis(Canvas canvas, DoubleFunction<String> text) {
    for (double tick : x.ticks()) {
      canvas.line(x.at(tick), top(), x.at(tick), bottom(), 1, Canvas.GRID);
      canvas.text(
          text.apply(tick), x.at(tick), bottom() + 18, Align.MIDDLE, Canvas.TEXT, Canvas.MUTED);
    }
    canvas.line(left(), bottom(), right(), bottom(), 1, Canvas.MUTED);
  }

  /** Says in the middle of the panel why it is empty. */
  void drawNotice(Canvas canvas, String notice) {
    canvas.notice(notice, (left() + right()) / 2, (top() + bottom()) / 2);
  }
}
