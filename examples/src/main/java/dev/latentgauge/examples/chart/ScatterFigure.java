package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.ScatterGrid.Dot;
import dev.latentgauge.examples.chart.ScatterGrid.Panel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Where everything is in a {@link ScatterGrid}, in pixels of the picture at its own size. */
final class ScatterFigure {

  static final int WIDTH = 1040;

  private static final double BORDER = 24;
  private static final double UPRIGHT = 22;
  private static final double GAP = 20;
  private static final double BELOW = 14;
  private static final double MARGIN = 0.05;
  private static final double TICK_DISTANCE = 38;
  private static final int ALPHA = 140;

  private final ScatterGrid grid;
  private final List<Panel> panels;
  private final Title title;
  private final CategoryLegend legend;
  private final double numbers;
  private final Cells cells;
  private final double panelHeight;
  private final Captions captions;

  ScatterFigure(ScatterGrid grid) {
    this.grid = grid;
    this.panels = grid.panels().isEmpty() ? List.of(new Panel("", "", List.of())) : grid.panels();
    this.title = new Title(grid.title(), grid.subtitle(), WIDTH - 2 * BORDER);
    this.legend = new CategoryLegend(grid.legend(), grid.categories(), WIDTH - 2 * BORDER);
    double left = BORDER + (grid.accuracyLabel().isBlank() ? 0 : UPRIGHT);
    int columns = Math.min(grid.columns(), panels.size());
    this.cells = new Cells(columns, left, WIDTH - BORDER, GAP);
    this.numbers = 10 + widestNumber();
    this.panelHeight = Math.max(130, Math.min(280, 0.9 * plotWidth()));
    this.captions = new Captions(panels.stream().map(Panel::caption).toList(), cells.width());
  }

  int height() {
    return (int) Math.ceil(legendTop() + legend.height() + BORDER);
  }

  void draw(Canvas canvas) {
    canvas.background(WIDTH, height());
    title.draw(canvas, BORDER, BORDER);
    for (int i = 0; i < panels.size(); i++) {
      drawPanel(canvas, i);
    }
    legend.draw(canvas, BORDER, legendTop());
  }

  /** What is written above the panels. */
  String description() {
    return grid.panels().stream()
        .map(p -> p.caption().isBlank() ? p.heading() : p.heading() + ": " + p.caption())
        .filter(sentence -> !sentence.isBlank())
        .map(sentence -> sentence + ".")
        .collect(Collectors.joining(" "));
  }

  private void drawPanel(Canvas canvas, int index) {
    Panel panel = panels.get(index);
    Plot plot = plot(index);
    String heading = Canvas.shortened(panel.heading(), Canvas.HEADING, cells.width());
    plot.drawHead(canvas, cells.leftOf(index), heading, captions.of(index));
    String label = Canvas.shortened(grid.label(), Canvas.TEXT, plotWidth() + 1.7 * BORDER);
    plot.drawAxes(canvas, plot.x()::number, plot.y()::percentage, label);
    if (cells.isFirstOfRow(index)) {
      double middle = (plot.top() + plot.bottom()) / 2;
      String upwards = Canvas.shortened(grid.accuracyLabel(), Canvas.TEXT, panelHeight);
      canvas.textUpwards(upwards, BORDER + 12, middle, Canvas.TEXT, Canvas.INK);
    }
    for (Dot dot : panel.dots()) {
      RunStyle style = RunStyle.of(grid.categories().indexOf(dot.category()));
      canvas.dot(style, plot.x().at(dot.value()), plot.y().at(dot.accuracy()), radius(), ALPHA);
    }
    if (panel.dots().isEmpty()) {
      plot.drawNotice(canvas, "nothing measured");
    }
  }

  private double radius() {
    int most = panels.stream().mapToInt(panel -> panel.dots().size()).max().orElse(0);
    return most > 300 ? 2.4 : most > 100 ? 2.9 : 3.5;
  }

  private Plot plot(int index) {
    double left = cells.leftOf(index) + numbers;
    double top = BORDER + title.height() + captions.head() + cells.row(index) * rowHeight();
    List<Dot> dots = panels.get(index).dots();
    double[] values = dots.stream().mapToDouble(Dot::value).toArray();
    return new Plot(
        Axis.legible(values, MARGIN, left, left + plotWidth()),
        accuracies(panels.get(index), top + panelHeight, top));
  }

  private static Axis accuracies(Panel panel, double bottom, double top) {
    int ticks = Math.max(2, (int) ((bottom - top) / TICK_DISTANCE));
    return Axis.over(panel.dots().stream().mapToDouble(Dot::accuracy), MARGIN, ticks, bottom, top);
  }

  private double widestNumber() {
    return panels.stream()
        .map(panel -> accuracies(panel, 150, 0))
        .flatMap(axis -> Arrays.stream(axis.ticks()).mapToObj(axis::percentage))
        .mapToDouble(number -> Canvas.width(number, Canvas.TEXT))
        .max()
        .orElse(0);
  }

  private double plotWidth() {
    return cells.width() - numbers;
  }

  private double rowHeight() {
    return captions.head() + panelHeight + Plot.FOOT + BELOW;
  }

  private double legendTop() {
    return BORDER + title.height() + cells.rows(panels.size()) * rowHeight();
  }
}
