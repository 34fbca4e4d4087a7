package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.IntervalChart.Panel;
import dev.latentgauge.examples.chart.IntervalRows.Line;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where everything is in an {@link IntervalChart}, in pixels of the picture at its own size. */
final class IntervalFigure {

  static final int WIDTH = 1040;

  private static final double BORDER = 24;
  private static final double LONGEST_NAME = 240;
  private static final double INDENT = 10;
  private static final double BESIDE_NAMES = 14;
  private static final double GAP = 16;
  private static final double BELOW = 16;
  private static final double KEY = 22;
  private static final double EMPTY = 120;
  private static final int MOST_COLUMNS = 4;

  private static final Color BAND = new Color(0xE6F1F8);

  private final IntervalChart chart;
  private final Title title;
  private final IntervalRows rows;
  private final Cells cells;
  private final Captions captions;

  IntervalFigure(IntervalChart chart) {
    this.chart = chart;
    this.title = new Title(chart.title(), chart.subtitle(), WIDTH - 2 * BORDER);
    this.rows = IntervalRows.of(chart.groups());
    double names = INDENT + Math.min(LONGEST_NAME, rows.width()) + BESIDE_NAMES;
    int columns = Cells.balanced(chart.panels().size(), MOST_COLUMNS);
    this.cells = new Cells(columns, BORDER + names, WIDTH - BORDER, GAP);
    this.captions =
        new Captions(chart.panels().stream().map(Panel::caption).toList(), cells.width());
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
    for (int i = 0; i < chart.panels().size(); i++) {
      double top = top(cells.row(i));
      if (cells.isFirstOfRow(i)) {
        drawNames(canvas, top, lastOfRow(i));
        drawLabel(canvas, i);
      }
      drawPanel(canvas, i);
    }
    drawKey(canvas);
  }

  /** All numbers in words. */
  String description() {
    return Stream.concat(Stream.of(chart.label()), chart.panels().stream().map(this::described))
        .filter(sentence -> !sentence.isBlank())
        .map(sentence -> sentence + ".")
        .collect(Collectors.joining(" "));
  }

  private String described(Panel panel) {
    Axis x = plot(0).x();
    return rows.measures().stream()
        .map(row -> row.text() + " " + described(panel.intervals().get(row.text()), x))
        .collect(Collectors.joining(", ", headOf(panel) + ": ", ""));
  }

  private static String headOf(Panel panel) {
    return panel.caption().isBlank() ? panel.task() : panel.task() + ", " + panel.caption();
  }

  private static String described(@Nullable Interval interval, Axis x) {
    return interval == null
        ? "not available"
        : "%s (%s to %s)"
            .formatted(
                x.precise(interval.value()), x.precise(interval.low()), x.precise(interval.high()));
  }

  private void drawNames(Canvas canvas, double top, int last) {
    double room = cells.left() - BESIDE_NAMES - BORDER;
    for (Line line : rows.headings()) {
      String text = Canvas.shortened(line.text(), Canvas.BOLD, room);
      canvas.textBeside(text, BORDER, top + line.middle(), Align.START, Canvas.BOLD, Canvas.MUTED);
    }
    for (Line line : rows.measures()) {
      double y = top + line.middle();
      boolean emphasise = line.text().equals(chart.emphasised());
      if (emphasise) {
        double right = cells.leftOf(last) + cells.width() + 4;
        double height = IntervalRows.ROW;
        canvas.fill(new Rectangle2D.Double(BORDER, y - height / 2, right - BORDER, height), BAND);
      }
      canvas.textBeside(
          Canvas.shortened(line.text(), emphasise ? Canvas.BOLD : Canvas.TEXT, room - INDENT),
          BORDER + INDENT,
          y,
          Align.START,
          emphasise ? Canvas.BOLD : Canvas.TEXT,
          emphasise ? IntervalPanel.EMPHASIS : Canvas.INK);
    }
  }

  private void drawLabel(Canvas canvas, int first) {
    Plot plot = plot(first);
    double middle = (plot.left() + plot(lastOfRow(first)).right()) / 2;
    double room = 2 * (WIDTH - BORDER - middle);
    String label = Canvas.shortened(chart.label(), Canvas.TEXT, room);
    canvas.text(label, middle, plot.bottom() + 38, Align.MIDDLE, Canvas.TEXT, Canvas.INK);
  }

  private void drawPanel(Canvas canvas, int index) {
    Panel panel = chart.panels().get(index);
    Plot plot = plot(index);
    String heading = Canvas.shortened(panel.task(), Canvas.HEADING, cells.width());
    plot.drawHead(canvas, plot.left(), heading, captions.of(index));
    double numbers = plot.left() + cells.width();
    new IntervalPanel(plot, numbers, rows, chart.emphasised(), panel).draw(canvas);
  }

  private void drawKey(Canvas canvas) {
    double y = keyTop() + KEY / 2;
    double x = BORDER;
    IntervalPanel.drawReach(canvas, x, x + 36, y, false);
    IntervalPanel.drawDot(canvas, x + 18, y, false);
    x = drawKeyText(canvas, "with 95 % interval", x + 44, y);
    if (isAnyBeyond()) {
      IntervalPanel.drawArrow(canvas, x + 8, y, 1, false);
      x = drawKeyText(canvas, "goes on beyond the panel", x + 16, y);
    }
    if (isAnyCeilingInside()) {
      IntervalPanel.drawCeiling(canvas, x + 4, y - 9, y + 9);
      drawKeyText(canvas, "ceiling", x + 14, y);
    }
  }

  private static double drawKeyText(Canvas canvas, String text, double x, double y) {
    canvas.textBeside(text, x, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    return x + Canvas.width(text, Canvas.TEXT) + 28;
  }

  private boolean isAnyBeyond() {
    return chart.panels().stream()
        .flatMap(panel -> panel.intervals().values().stream())
        .anyMatch(
            interval ->
                Math.min(interval.low(), interval.value()) < chart.low()
                    || Math.max(interval.high(), interval.value()) > chart.high());
  }

  private boolean isAnyCeilingInside() {
    return chart.panels().stream()
        .flatMapToDouble(panel -> panel.ceiling().stream())
        .anyMatch(ceiling -> ceiling >= chart.low() && ceiling <= chart.high());
  }

  private Plot plot(int panel) {
    double left = cells.leftOf(panel);
    double top = top(cells.row(panel));
    Axis x = axis(left, left + cells.width() - IntervalPanel.NUMBERS);
    return new Plot(x, new Axis(0, 1, 1, top + rows.height(), top));
  }

  private Axis axis(double left, double right) {
    return Axis.legible(new double[] {chart.low(), chart.high()}, 0, left, right);
  }

  private int lastOfRow(int first) {
    return Math.min(first + cells.columns(), chart.panels().size()) - 1;
  }

  private boolean isEmpty() {
    return chart.panels().isEmpty() || rows.measures().isEmpty();
  }

  private double top(int row) {
    double head = captions.head();
    return BORDER + title.height() + head + row * (head + rows.height() + foot());
  }

  private double foot() {
    return (chart.label().isBlank() ? Plot.FOOT - 20 : Plot.FOOT) + BELOW;
  }

  private double keyTop() {
    return isEmpty()
        ? BORDER + title.height() + EMPTY
        : top(cells.rows(chart.panels().size())) - captions.head();
  }
}
