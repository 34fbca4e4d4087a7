package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.RunCurve.Point;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What each rank, colour and marker stands for, in as many columns as the longest name allows. */
final class Legend {

  private static final double ROW = 22;
  private static final double SAMPLE = 44;
  private static final double RANK = 24;
  private static final double VALUE = 66;
  private static final double GAP = 28;
  private static final int MOST_COLUMNS = 4;

  private final List<RankedRun> runs;
  private final double width;
  private final int columns;
  private final int rows;

  /**
   * Lays the entries out.
   *
   * @param runs best first; they run down the first column, then the next
   * @param width what there is, in pixels
   */
  Legend(List<RankedRun> runs, double width) {
    this.runs = runs;
    this.width = width;
    double longest =
        runs.stream()
            .mapToDouble(run -> Canvas.width(run.curve().name(), Canvas.TEXT))
            .max()
            .orElse(0);
    int fitting = (int) ((width + GAP) / (RANK + SAMPLE + longest + VALUE + GAP));
    int allowed = Math.max(1, Math.min(MOST_COLUMNS, fitting));
    this.rows = (runs.size() + allowed - 1) / allowed;
    this.columns = rows == 0 ? 1 : (runs.size() + rows - 1) / rows;
  }

  double height() {
    return ROW * (rows + 1);
  }

  void draw(Canvas canvas, double left, double top) {
    canvas.textBeside(
        "Runs, numbered by final test accuracy",
        left,
        top + ROW / 2,
        Align.START,
        Canvas.TEXT,
        Canvas.MUTED);
    double columnWidth = (width + GAP) / columns;
    for (int i = 0; i < runs.size(); i++) {
      int column = i / rows;
      int row = i % rows;
      double x = left + column * columnWidth;
      double y = top + (row + 1.5) * ROW;
      drawEntry(canvas, runs.get(i), x, y, columnWidth - GAP);
    }
  }

  private static void drawEntry(Canvas canvas, RankedRun run, double x, double y, double room) {
    RunStyle style = run.style();
    String rank = Integer.toString(run.rank());
    canvas.textBeside(rank, x + RANK - 6, y, Align.END, Canvas.BOLD, Canvas.INK);
    double start = x + RANK;
    canvas.stroke(
        new Line2D.Double(start, y, start + SAMPLE - 8, y), style.stroke(), style.color());
    canvas.marker(style, start + (SAMPLE - 8) / 2, y, 3.6);
    double allowed = room - RANK - SAMPLE - VALUE;
    String name = Canvas.shortened(run.curve().name(), Canvas.TEXT, allowed);
    canvas.textBeside(name, start + SAMPLE, y, Align.START, Canvas.TEXT, Canvas.INK);
    canvas.textBeside(
        percentage(run.last(Point::accuracy)),
        start + SAMPLE + Canvas.width(name, Canvas.TEXT) + 10,
        y,
        Align.START,
        Canvas.TEXT,
        Canvas.MUTED);
  }

  private static String percentage(OptionalDouble accuracy) {
    return accuracy.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%.1f %%", 100 * accuracy.getAsDouble());
  }
}
