package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.RunCurve.Point;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Where everything is in the picture. All lengths are in pixels of the picture at its own size. */
final class Figure {

  static final int WIDTH = 1120;

  private static final double BORDER = 24;
  private static final double PANEL_HEIGHT = 300;
  private static final double CURVE_WIDTH = 300;
  private static final double SCATTER_WIDTH = 232;
  private static final double NUMBERS = 46;
  private static final int TICKS = 5;

  // Shares of the range of the values; the scatter has ranks beside its dots.
  private static final double CURVE_MARGIN = 0.04;
  private static final double SCATTER_MARGIN = 0.1;

  private final List<RankedRun> runs;
  private final Title title;
  private final Legend legend;

  Figure(ScoreChart chart) {
    this.runs = RankedRun.of(chart.runs());
    this.title = new Title(chart.title(), chart.subtitle(), WIDTH - 2 * BORDER);
    this.legend = new Legend(runs, WIDTH - 2 * BORDER);
  }

  int height() {
    return (int) Math.ceil(bottomOfPanels() + Plot.FOOT + 14 + legend.height() + BORDER);
  }

  void draw(Canvas canvas) {
    canvas.background(WIDTH, height());
    title.draw(canvas, BORDER, BORDER);
    double left = BORDER + NUMBERS;
    drawScores(canvas, left);
    left += CURVE_WIDTH + CurvePanel.MARGIN + NUMBERS + 10;
    drawAccuracies(canvas, left);
    left += CURVE_WIDTH + CurvePanel.MARGIN + NUMBERS + 10;
    drawFinals(canvas, left);
    legend.draw(canvas, BORDER, bottomOfPanels() + Plot.FOOT + 14);
  }

  private void drawScores(Canvas canvas, double left) {
    Axis y =
        vertical(
            DoubleStream.concat(scores(CurvePanel.BAND), scores(-CurvePanel.BAND)), CURVE_MARGIN);
    Plot plot = new Plot(steps(left), y);
    plot.drawHead(canvas, "Score", "agreement with the reference (no labels)");
    plot.drawAxes(
        canvas, plot.x()::number, y::number, "optimiser steps (band: ± 2 standard errors)");
    CurvePanel panel = new CurvePanel(plot, runs, Point::score);
    panel.drawBands(canvas);
    panel.drawLines(canvas);
  }

  private void drawAccuracies(Canvas canvas, double left) {
    Plot plot = new Plot(steps(left), vertical(values(Point::accuracy), CURVE_MARGIN));
    plot.drawHead(canvas, "True test accuracy", "what no score ever saw");
    plot.drawAxes(canvas, plot.x()::number, plot.y()::percentage, "optimiser steps");
    new CurvePanel(plot, runs, Point::accuracy).drawLines(canvas);
  }

  private void drawFinals(Canvas canvas, double left) {
    List<Point> finals = runs.stream().flatMap(run -> run.lastMeasured().stream()).toList();
    DoubleStream ends =
        finals.stream()
            .flatMapToDouble(
                point ->
                    DoubleStream.of(-CurvePanel.BAND, CurvePanel.BAND)
                        .map(errors -> moved(point, errors)));
    Axis x = Axis.over(ends, SCATTER_MARGIN, TICKS - 1, left, left + SCATTER_WIDTH);
    Axis y =
        vertical(
            finals.stream().mapToDouble(point -> point.accuracy().orElseThrow()), SCATTER_MARGIN);
    Plot plot = new Plot(x, y);
    plot.drawHead(canvas, "Final accuracy", "against final score, one dot a run");
    plot.drawAxes(canvas, x::number, y::percentage, "final score (± 2 standard errors)");
    new ScatterPanel(plot, runs).draw(canvas);
  }

  private Axis steps(double left) {
    DoubleStream steps = points().stream().mapToDouble(Point::step);
    return Axis.over(steps, 0, TICKS, left, left + CURVE_WIDTH);
  }

  private Axis vertical(DoubleStream values, double margin) {
    double bottom = bottomOfPanels();
    return Axis.over(values, margin, TICKS, bottom, bottom - PANEL_HEIGHT);
  }

  private DoubleStream scores(double errors) {
    return points().stream()
        .filter(point -> point.score().isPresent())
        .mapToDouble(point -> moved(point, errors));
  }

  private static double moved(Point point, double errors) {
    return point.score().orElseThrow() + errors * point.standardError().orElse(0);
  }

  private DoubleStream values(Function<Point, OptionalDouble> value) {
    return points().stream().map(value).flatMapToDouble(OptionalDouble::stream);
  }

  private List<Point> points() {
    return runs.stream().flatMap(run -> run.curve().points().stream()).toList();
  }

  private double bottomOfPanels() {
    return BORDER + title.height() + Plot.HEAD + PANEL_HEIGHT;
  }
}
