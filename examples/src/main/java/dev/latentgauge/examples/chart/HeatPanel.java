package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

/**
 * The cells of one matrix.
 *
 * @param left where the first column starts, in pixels
 * @param top where the first row starts
 * @param cell the size of a cell
 * @param scale of the colours and numbers
 * @param font of the numbers
 */
record HeatPanel(double left, double top, Cell cell, HeatMap.Scale scale, Font font) {

  static final String MISSING = "–";

  private static final double RIM = 1;
  private static final int SMALLEST = 7;

  /** The width and height of a cell, in pixels. */
  record Cell(double width, double height) {}

  /** The largest font in which all numbers fit into a cell, or a smaller one than is legible. */
  static Font font(List<String> numbers, Cell cell) {
    int size = Canvas.TEXT.getSize();
    Font font = Canvas.TEXT;
    while (size >= SMALLEST && !fits(numbers, font, cell)) {
      size--;
      font = new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }
    return font;
  }

  private static boolean fits(List<String> numbers, Font font, Cell cell) {
    return font.getSize() + 2 <= cell.height()
        && numbers.stream().allMatch(number -> Canvas.width(number, font) + 4 <= cell.width());
  }

  void draw(Canvas canvas, List<List<Double>> values) {
    ColorScale colors = new ColorScale(scale.low(), scale.high());
    for (int row = 0; row < values.size(); row++) {
      for (int column = 0; column < values.get(row).size(); column++) {
        double value = values.get(row).get(column);
        Color color = Double.isNaN(value) ? Color.WHITE : colors.of(value);
        drawCell(canvas, x(column), y(row), color);
        drawNumber(canvas, x(column), y(row), value, color);
      }
    }
  }

  private void drawCell(Canvas canvas, double x, double y, Color color) {
    canvas.fill(
        new Rectangle2D.Double(x, y, cell.width() - RIM, cell.height() - RIM),
        color.equals(Color.WHITE) ? Canvas.GRID : color);
  }

  private void drawNumber(Canvas canvas, double x, double y, double value, Color color) {
    if (font.getSize() < SMALLEST) {
      return;
    }
    canvas.textBeside(
        number(scale, value),
        x + (cell.width() - RIM) / 2,
        y + (cell.height() - RIM) / 2,
        Align.MIDDLE,
        font,
        Double.isNaN(value) ? Canvas.MUTED : ColorScale.ink(color));
  }

  /** A number as it is written, or the sign that there is none. */
  static String number(HeatMap.Scale scale, double value) {
    return Double.isNaN(value)
        ? MISSING
        : String.format(Locale.ROOT, "%." + scale.decimals() + "f", value + 0.0);
  }

  double x(int column) {
    return left + column * cell.width();
  }

  double y(int row) {
    return top + row * cell.height();
  }
}
