package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.PointGrid.Axes;
import dev.latentgauge.examples.chart.PointGrid.Panel;
import dev.latentgauge.examples.chart.PointGrid.Point;
import dev.latentgauge.examples.chart.PointGrid.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where everything is in a {@link PointGrid}, in pixels of the picture at its own size. */
final class PointFigure {

  static final int WIDTH = 1040;

  private static final double BORDER = 24;
  private static final double UPRIGHT = 20;
  private static final double GAP = 12;
  private static final double BELOW = 16;
  private static final double BELOW_HEAD = 6;
  private static final double LARGEST = 420;
  private static final int MOST_CAPTION_LINES = 2;

  private final PointGrid grid;
  private final Title title;
  private final CategoryLegend legend;
  private final List<Line> lines = new ArrayList<>();
  private final double legendTop;

  /**
   * A row and where it is.
   *
   * @param caption what stands below its heading, in lines
   * @param numbers the room for the numbers beside each panel
   * @param captions of its panels
   * @param top where it starts
   */
  private record Line(
      Row row, List<String> caption, Cells cells, double numbers, Captions captions, double top) {

    static Line of(Row row, double top) {
      double left = BORDER + (row.axes().y().isBlank() ? 0 : UPRIGHT);
      Cells wide = new Cells(row.panels().size(), left, WIDTH - BORDER, GAP);
      // Half of a number below the right end of the last panel reaches into the border.
      double beyond = Math.max(0, widestNumber(row, wide.width(), Plot::x) / 2 + 2 - BORDER);
      Cells cells = new Cells(wide.columns(), left, wide.right() - beyond, GAP);
      double numbers = 10 + widestNumber(row, cells.width(), Plot::y);
      return new Line(
          row,
          Canvas.lines(row.caption(), Canvas.TEXT, WIDTH - 2 * BORDER, MOST_CAPTION_LINES),
          cells,
          numbers,
          new Captions(row.panels().stream().map(Panel::caption).toList(), cells.width() - numbers),
          top);
    }

    /** Of the numbers along an axis, which hardly depend on the exact size of panels. */
    private static double widestNumber(Row row, double side, Function<Plot, Axis> axisOf) {
      return row.panels().stream()
          .map(panel -> axisOf.apply(PointPanel.plot(deciding(row, panel), 0, 0, side)))
          .flatMap(axis -> Arrays.stream(axis.ticks()).mapToObj(axis::number))
          .mapToDouble(number -> Canvas.width(number, Canvas.TEXT))
          .max()
          .orElse(0);
    }

    /** The room for what its panels have in common. */
    double head() {
      double heading = row.heading().isBlank() ? 0 : 20;
      double room = heading + caption.size() * Canvas.LINE;
      return room == 0 ? 0 : room + BELOW_HEAD;
    }

    /** What there is for a panel and what stands above it. */
    double room() {
      return cells.width() - numbers;
    }

    double side() {
      return Math.min(LARGEST, room());
    }

    double panelTop() {
      return top + head() + captions.head();
    }

    double bottom() {
      double foot = row.axes().x().isBlank() ? Plot.FOOT - 20 : Plot.FOOT;
      return panelTop() + side() + foot + BELOW;
    }

    Plot plot(int panel) {
      List<Point> points = deciding(row, row.panels().get(panel));
      return PointPanel.plot(points, cells.leftOf(panel) + numbers, panelTop(), side());
    }

    /** The points that decide what a panel reaches. */
    private static List<Point> deciding(Row row, Panel panel) {
      return row.axes().shared()
          ? row.panels().stream().flatMap(other -> other.points().stream()).toList()
          : panel.points();
    }
  }

  PointFigure(PointGrid grid) {
    this.grid = grid;
    this.title = new Title(grid.title(), grid.subtitle(), WIDTH - 2 * BORDER);
    this.legend = CategoryLegend.ofColours(grid.legend(), grid.categories(), WIDTH - 2 * BORDER);
    Row nothing = new Row("", "", new Axes("", "", false), List.of(new Panel("", "", List.of())));
    double top = BORDER + title.height();
    for (Row row : grid.rows().isEmpty() ? List.of(nothing) : grid.rows()) {
      Line line = Line.of(row, top);
      lines.add(line);
      top = line.bottom();
    }
    this.legendTop = top;
  }

  int height() {
    return (int) Math.ceil(legendTop + legend.height() + BORDER);
  }

  void draw(Canvas canvas) {
    canvas.background(WIDTH, height());
    title.draw(canvas, BORDER, BORDER);
    for (Line line : lines) {
      drawHead(canvas, line);
      for (int i = 0; i < line.row().panels().size(); i++) {
        drawPanel(canvas, line, i);
      }
    }
    legend.draw(canvas, BORDER, legendTop);
  }

  /** What is written above the panels. */
  String description() {
    return grid.rows().stream()
        .flatMap(
            row ->
                Stream.concat(
                    Stream.of(described(row.heading(), row.caption())),
                    row.panels().stream().map(p -> described(p.heading(), p.caption()))))
        .filter(sentence -> !sentence.isBlank())
        .map(sentence -> sentence.endsWith(".") ? sentence : sentence + ".")
        .collect(Collectors.joining(" "));
  }

  private static String described(String heading, String caption) {
    return heading.isBlank() || caption.isBlank() ? heading + caption : heading + ": " + caption;
  }

  private void drawHead(Canvas canvas, Line line) {
    double y = line.top();
    if (!line.row().heading().isBlank()) {
      String heading = Canvas.shortened(line.row().heading(), Canvas.HEADING, WIDTH - 2 * BORDER);
      canvas.text(heading, BORDER, y + 12, Align.START, Canvas.HEADING, Canvas.INK);
      y += 20;
    }
    for (String text : line.caption()) {
      canvas.text(text, BORDER, y + 12, Align.START, Canvas.TEXT, Canvas.MUTED);
      y += Canvas.LINE;
    }
  }

  private void drawPanel(Canvas canvas, Line line, int index) {
    Panel panel = line.row().panels().get(index);
    Plot plot = line.plot(index);
    String heading = Canvas.shortened(panel.heading(), Canvas.HEADING, line.room());
    plot.drawHead(canvas, plot.left(), heading, line.captions().of(index));
    Axes axes = line.row().axes();
    plot.drawAxes(
        canvas,
        plot.x()::number,
        plot.y()::number,
        Canvas.shortened(axes.x(), Canvas.TEXT, line.side()));
    if (index == 0) {
      canvas.textUpwards(
          Canvas.shortened(axes.y(), Canvas.TEXT, line.side()),
          BORDER + 12,
          (plot.top() + plot.bottom()) / 2,
          Canvas.TEXT,
          Canvas.INK);
    }
    new PointPanel(plot, grid.categories(), panel.points()).draw(canvas);
  }
}
