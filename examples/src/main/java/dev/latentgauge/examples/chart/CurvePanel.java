package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.RunCurve.Point;
import java.awt.BasicStroke;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Lines of one quantity over the steps, one a run, each with the run's rank at its end.
 *
 * @param plot the panel
 * @param runs best first; drawn in the opposite order, so that the best lies on top
 * @param value the quantity; where it is absent, the line has a gap
 */
record CurvePanel(Plot plot, List<RankedRun> runs, Function<Point, OptionalDouble> value) {

  /** The width to the right of the panel that the ranks take, in pixels. */
  static final double MARGIN = 40;

  /** How many standard errors the band and the error bars go to each side. */
  static final double BAND = 2;

  private static final int MARKERS_PER_LINE = 5;
  private static final double RADIUS = 3.6;
  private static final int BAND_ALPHA = 30;

  void drawBands(Canvas canvas) {
    for (RankedRun run : worstFirst()) {
      for (List<Point> stretch : stretches(run.curve(), Point::standardError)) {
        canvas.fill(band(stretch), Canvas.withAlpha(run.style().color(), BAND_ALPHA));
      }
    }
  }

  void drawLines(Canvas canvas) {
    for (RankedRun run : worstFirst()) {
      for (List<Point> stretch : stretches(run.curve(), value)) {
        canvas.stroke(line(stretch), run.style().stroke(), run.style().color());
      }
      drawMarkers(canvas, run);
    }
    drawRanks(canvas);
    if (runs.stream().allMatch(run -> run.last(value).isEmpty())) {
      plot.drawNotice(canvas, "nothing measured");
    }
  }

  private void drawMarkers(Canvas canvas, RankedRun run) {
    List<Point> points = measured(run.curve());
    int last = points.size() - 1;
    int every = Math.max(1, points.size() / MARKERS_PER_LINE);
    for (int i = 0; i <= last; i++) {
      // Staggered by rank, so that markers of close lines do not cover each other.
      boolean inTurn = (i + run.rank()) % every == 0 && i > 0 && last - i > every / 2;
      if (inTurn || i == last) {
        canvas.marker(run.style(), x(points.get(i)), y(points.get(i)), RADIUS);
      }
    }
  }

  private void drawRanks(Canvas canvas) {
    List<RankedRun> measured = runs.stream().filter(run -> run.last(value).isPresent()).toList();
    double[] wanted =
        measured.stream().mapToDouble(run -> plot.y().at(run.last(value).orElseThrow())).toArray();
    double[] places = Spread.apart(wanted, 0.9 * Canvas.LINE, plot.top(), plot.bottom());
    for (int i = 0; i < places.length; i++) {
      RankedRun run = measured.get(i);
      List<Point> points = measured(run.curve());
      double end = x(points.get(points.size() - 1)) + RADIUS + 2;
      double label = plot.right() + 18;
      Path2D leader = new Path2D.Double();
      leader.moveTo(end, wanted[i]);
      leader.lineTo(plot.right() + RADIUS + 3, wanted[i]);
      leader.lineTo(label - 2, places[i]);
      canvas.stroke(leader, new BasicStroke(0.8f), Canvas.withAlpha(run.style().color(), 170));
      String rank = Integer.toString(run.rank());
      canvas.textBeside(rank, label, places[i], Align.START, Canvas.BOLD, Canvas.INK);
    }
  }

  /** The longest runs of points that all have a value. */
  private static List<List<Point>> stretches(
      RunCurve curve, Function<Point, OptionalDouble> value) {
    List<List<Point>> stretches = new ArrayList<>();
    List<Point> current = new ArrayList<>();
    for (Point point : curve.points()) {
      if (value.apply(point).isPresent()) {
        current.add(point);
      } else if (!current.isEmpty()) {
        stretches.add(current);
        current = new ArrayList<>();
      }
    }
    if (!current.isEmpty()) {
      stretches.add(current);
    }
    return stretches;
  }

  private Path2D line(List<Point> points) {
    Path2D line = new Path2D.Double();
    line.moveTo(x(points.get(0)), y(points.get(0)));
    for (Point point : points.subList(1, points.size())) {
      line.lineTo(x(point), y(point));
    }
    return line;
  }

  private Path2D band(List<Point> points) {
    Path2D band = new Path2D.Double();
    band.moveTo(x(points.get(0)), edge(points.get(0), BAND));
    for (Point point : points.subList(1, points.size())) {
      band.lineTo(x(point), edge(point, BAND));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      band.lineTo(x(points.get(i)), edge(points.get(i), -BAND));
    }
    band.closePath();
    return band;
  }

  private List<Point> measured(RunCurve curve) {
    return curve.points().stream().filter(point -> value.apply(point).isPresent()).toList();
  }

  private double x(Point point) {
    return plot.x().at((double) point.step());
  }

  private double y(Point point) {
    return plot.y().at(value.apply(point).orElseThrow());
  }

  private double edge(Point point, double errors) {
    return plot.y().at(point.score().orElseThrow() + errors * point.standardError().orElseThrow());
  }

  private List<RankedRun> worstFirst() {
    List<RankedRun> reversed = new ArrayList<>(runs);
    Collections.reverse(reversed);
    return reversed;
  }
}
