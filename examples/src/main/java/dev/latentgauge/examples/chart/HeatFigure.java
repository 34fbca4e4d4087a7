package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.HeatMap.Panel;
import dev.latentgauge.examples.chart.HeatPanel.Cell;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where everything is in a {@link HeatMap}, in pixels of the picture at its own size. */
final class HeatFigure {

  static final int WIDTH = 1040;

  private static final double BORDER = 24;
  private static final double UPRIGHT = 22;
  private static final double LONGEST_NAME = 160;
  private static final double BESIDE_NAMES = 8;
  private static final double GAP = 24;
  private static final double BELOW = 18;
  private static final double WIDEST = 64;
  private static final double HIGHEST = 36;
  private static final double LOWEST = 18;
  private static final double EMPTY = 120;
  private static final int MOST_COLUMNS = 3;

  private static final double BAR = 260;
  private static final double BAR_HEIGHT = 12;
  private static final int BAR_STEPS = 65;
  private static final double KEY = 48;

  private final HeatMap map;
  private final Title title;
  private final Cells cells;
  private final Cell cell;
  private final Captions captions;
  private final Font font;

  HeatFigure(HeatMap map) {
    this.map = map;
    this.title = new Title(map.title(), map.subtitle(), WIDTH - 2 * BORDER);
    int columns = Cells.balanced(map.panels().size(), MOST_COLUMNS);
    double names = Math.min(LONGEST_NAME, widest(map.rows().labels()));
    double left = BORDER + (map.rows().caption().isBlank() ? 0 : UPRIGHT) + names + BESIDE_NAMES;
    this.cells = new Cells(columns, left, WIDTH - BORDER, GAP);
    double width = cells.width() / Math.max(1, map.columns().labels().size());
    this.cell =
        new Cell(Math.min(WIDEST, width), Math.max(LOWEST, Math.min(HIGHEST, 0.75 * width)));
    this.captions = new Captions(map.panels().stream().map(Panel::caption).toList(), cells.width());
    this.font = HeatPanel.font(numbers(), cell);
  }

  int height() {
    return (int) Math.ceil(keyTop() + (isEmpty() ? 0 : KEY) + BORDER);
  }

  void draw(Canvas canvas) {
    canvas.background(WIDTH, height());
    title.draw(canvas, BORDER, BORDER);
    if (isEmpty()) {
      canvas.notice("nothing measured", WIDTH / 2.0, keyTop() - EMPTY / 2);
      return;
    }
    for (int i = 0; i < map.panels().size(); i++) {
      drawPanel(canvas, i);
    }
    drawKey(canvas);
  }

  /** All numbers in words. */
  String description() {
    return Stream.concat(
            Stream.of(map.scale().measure()), map.panels().stream().map(this::described))
        .filter(sentence -> !sentence.isBlank())
        .map(sentence -> sentence + ".")
        .collect(Collectors.joining(" "));
  }

  private String described(Panel panel) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < panel.values().size(); row++) {
      List<Double> values = panel.values().get(row);
      List<String> numbers = new ArrayList<>();
      for (int column = 0; column < values.size(); column++) {
        double value = values.get(column);
        String number = Double.isNaN(value) ? "missing" : HeatPanel.number(map.scale(), value);
        numbers.add(map.columns().labels().get(column) + " " + number);
      }
      rows.add(map.rows().labels().get(row) + ": " + String.join(", ", numbers));
    }
    String head =
        panel.caption().isBlank() ? panel.heading() : panel.heading() + ", " + panel.caption();
    return head + ": " + String.join("; ", rows);
  }

  private void drawPanel(Canvas canvas, int index) {
    Panel panel = map.panels().get(index);
    double left = cells.leftOf(index);
    double top = top(cells.row(index));
    double right = left + cell.width() * map.columns().labels().size();
    double bottom = top + matrixHeight();
    Plot plot = new Plot(new Axis(0, 1, 1, left, right), new Axis(0, 1, 1, bottom, top));
    String heading = Canvas.shortened(panel.heading(), Canvas.HEADING, cells.width());
    plot.drawHead(canvas, left, heading, captions.of(index));
    HeatPanel matrix = new HeatPanel(left, top, cell, map.scale(), font);
    matrix.draw(canvas, panel.values());
    if (cells.isFirstOfRow(index)) {
      drawRowNames(canvas, matrix);
    }
    drawColumnNames(canvas, matrix, bottom);
    String caption = Canvas.shortened(map.columns().caption(), Canvas.TEXT, cells.width());
    // A caption that is wider than few narrow columns starts with them.
    double middle = Math.max((left + right) / 2, left + Canvas.width(caption, Canvas.TEXT) / 2);
    canvas.text(
        caption, middle, bottom + columnNames() + 18, Align.MIDDLE, Canvas.TEXT, Canvas.INK);
  }

  private void drawRowNames(Canvas canvas, HeatPanel matrix) {
    double right = matrix.left() - BESIDE_NAMES;
    for (int row = 0; row < map.rows().labels().size(); row++) {
      String name = Canvas.shortened(map.rows().labels().get(row), Canvas.TEXT, LONGEST_NAME);
      double y = matrix.y(row) + cell.height() / 2;
      canvas.textBeside(name, right, y, Align.END, Canvas.TEXT, Canvas.INK);
    }
    double middle = matrix.top() + matrixHeight() / 2;
    String caption =
        Canvas.shortened(
            map.rows().caption(), Canvas.TEXT, matrixHeight() + captions.head() + columnNames());
    canvas.textUpwards(caption, BORDER + 12, middle, Canvas.TEXT, Canvas.INK);
  }

  private void drawColumnNames(Canvas canvas, HeatPanel matrix, double bottom) {
    for (int column = 0; column < map.columns().labels().size(); column++) {
      String name = Canvas.shortened(map.columns().labels().get(column), Canvas.TEXT, LONGEST_NAME);
      double middle = matrix.x(column) + cell.width() / 2;
      if (areColumnsUpright()) {
        double y = bottom + 6 + Canvas.width(name, Canvas.TEXT) / 2;
        canvas.textUpwards(name, middle + 5, y, Canvas.TEXT, Canvas.INK);
      } else {
        canvas.text(name, middle, bottom + 16, Align.MIDDLE, Canvas.TEXT, Canvas.INK);
      }
    }
  }

  private void drawKey(Canvas canvas) {
    double y = keyTop() + 10;
    String measure = Canvas.shortened(map.scale().measure(), Canvas.TEXT, WIDTH / 2.0);
    canvas.textBeside(measure, BORDER, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    double left = BORDER + 10 + (measure.isBlank() ? 0 : Canvas.width(measure, Canvas.TEXT) + 10);
    HeatMap.Scale scale = map.scale();
    ColorScale colors = new ColorScale(scale.low(), scale.high());
    double step = BAR / BAR_STEPS;
    for (int i = 0; i < BAR_STEPS; i++) {
      double value = scale.low() + (i + 0.5) / BAR_STEPS * (scale.high() - scale.low());
      // Each reaches below the next, else the background shines through between them.
      double width = i + 1 < BAR_STEPS ? 2 * step : step;
      canvas.fill(
          new Rectangle2D.Double(left + i * step, y - BAR_HEIGHT / 2, width, BAR_HEIGHT),
          colors.of(value));
    }
    Axis axis = Axis.legible(new double[] {scale.low(), scale.high()}, 0, left, left + BAR);
    for (double tick : axis.ticks()) {
      canvas.line(axis.at(tick), y + 6, axis.at(tick), y + 11, 1, Canvas.MUTED);
      canvas.text(
          axis.number(tick), axis.at(tick), y + 24, Align.MIDDLE, Canvas.TEXT, Canvas.MUTED);
    }
    if (numbers().contains(HeatPanel.MISSING)) {
      double x = left + BAR + 40;
      canvas.fill(new Rectangle2D.Double(x, y - 8, 24, 16), Canvas.GRID);
      canvas.textBeside(HeatPanel.MISSING, x + 12, y, Align.MIDDLE, Canvas.TEXT, Canvas.MUTED);
      canvas.textBeside("missing", x + 32, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    }
  }

  private List<String> numbers() {
    return map.panels().stream()
        .flatMap(panel -> panel.values().stream())
        .flatMap(List::stream)
        .map(value -> HeatPanel.number(map.scale(), value))
        .toList();
  }

  private static double widest(List<String> labels) {
    return labels.stream().mapToDouble(label -> Canvas.width(label, Canvas.TEXT)).max().orElse(0);
  }

  private boolean areColumnsUpright() {
    return widest(map.columns().labels()) + 4 > cell.width();
  }

  /** The room below a matrix for the names of its columns. */
  private double columnNames() {
    return areColumnsUpright()
        ? 8 + Math.min(LONGEST_NAME, widest(map.columns().labels()))
        : Canvas.LINE + 4;
  }

  private double matrixHeight() {
    return cell.height() * map.rows().labels().size();
  }

  private double top(int row) {
    double foot = columnNames() + (map.columns().caption().isBlank() ? 0 : 22) + BELOW;
    return BORDER
        + title.height()
        + captions.head()
        + row * (captions.head() + matrixHeight() + foot);
  }

  private boolean isEmpty() {
    return map.panels().isEmpty()
        || map.rows().labels().isEmpty()
        || map.columns().labels().isEmpty();
  }

  private double keyTop() {
    return isEmpty()
        ? BORDER + title.height() + EMPTY
        : top(cells.rows(map.panels().size())) - captions.head();
  }
}
