package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.RunCurve.Point;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Final score against final accuracy, one dot a run, with their correlations in a corner. */
final class ScatterPanel {

  private static final double RADIUS = 4.5;
  private static final double REACH = 12;
  private static final double PADDING = 6;

  private final Plot plot;
  private final List<Dot> dots;

  private record Dot(RankedRun run, double score, double error, double accuracy) {}

  /**
   * Takes the runs of which both numbers are known.
   *
   * @param plot the panel
   * @param runs best first
   */
  ScatterPanel(Plot plot, List<RankedRun> runs) {
    this.plot = plot;
    this.dots =
        runs.stream().flatMap(run -> run.lastMeasured().map(p -> dot(run, p)).stream()).toList();
  }

  private static Dot dot(RankedRun run, Point point) {
    return new Dot(
        run,
        point.score().orElseThrow(),
        CurvePanel.BAND * point.standardError().orElse(0),
        point.accuracy().orElseThrow());
  }

  void draw(Canvas canvas) {
    List<Rectangle2D> taken = new ArrayList<>();
    for (Dot dot : dots) {
      taken.add(box(x(dot), y(dot), RADIUS + 1, RADIUS + 1));
      taken.add(box(x(dot), y(dot), reach(dot), 1));
      canvas.line(
          x(dot) - reach(dot),
          y(dot),
          x(dot) + reach(dot),
          y(dot),
          1.2f,
          dot.run().style().color());
    }
    for (Dot dot : dots) {
      canvas.marker(dot.run().style(), x(dot), y(dot), RADIUS);
    }
    taken.add(drawCorrelations(canvas, taken));
    drawRanks(canvas, taken);
    if (dots.isEmpty()) {
      plot.drawNotice(canvas, "nothing measured");
    }
  }

  private Rectangle2D drawCorrelations(Canvas canvas, List<Rectangle2D> taken) {
    double[] scores = dots.stream().mapToDouble(Dot::score).toArray();
    double[] accuracies = dots.stream().mapToDouble(Dot::accuracy).toArray();
    List<String> lines =
        List.of(
            "Spearman " + twoDecimals(Correlation.spearman(scores, accuracies)),
            "Pearson " + twoDecimals(Correlation.pearson(scores, accuracies)));
    double width = lines.stream().mapToDouble(l -> Canvas.width(l, Canvas.BOLD)).max().orElse(0);
    double height = lines.size() * Canvas.LINE;
    double left = plot.left() + PADDING;
    double right = plot.right() - PADDING - width;
    double top = plot.top() + PADDING;
    double bottom = plot.bottom() - PADDING - height;
    // Where both go together, the dots lie along the diagonal and leave this order of corners free.
    Rectangle2D corner =
        List.of(
                new Rectangle2D.Double(right, bottom, width, height),
                new Rectangle2D.Double(left, top, width, height),
                new Rectangle2D.Double(right, top, width, height),
                new Rectangle2D.Double(left, bottom, width, height))
            .stream()
            .min(Comparator.comparingDouble(candidate -> overlap(candidate, taken)))
            .orElseThrow();
    canvas.fill(corner, Color.WHITE);
    for (int i = 0; i < lines.size(); i++) {
      double y = corner.getY() + (i + 0.5) * Canvas.LINE;
      if (corner.getX() == right) {
        canvas.textBeside(lines.get(i), right + width, y, Align.END, Canvas.BOLD, Canvas.INK);
      } else {
        canvas.textBeside(lines.get(i), left, y, Align.START, Canvas.BOLD, Canvas.INK);
      }
    }
    return corner;
  }

  /** Puts each rank beside its dot, in the direction where it covers the least. */
  private void drawRanks(Canvas canvas, List<Rectangle2D> taken) {
    for (Dot dot : dots) {
      String rank = Integer.toString(dot.run().rank());
      double halfWidth = Canvas.width(rank, Canvas.BOLD) / 2;
      Rectangle2D place =
          around(dot, halfWidth).stream()
              .min(Comparator.comparingDouble(candidate -> overlap(candidate, taken)))
              .orElseThrow();
      canvas.textBeside(
          rank, place.getCenterX(), place.getCenterY(), Align.MIDDLE, Canvas.BOLD, Canvas.INK);
      taken.add(place);
    }
  }

  private List<Rectangle2D> around(Dot dot, double halfWidth) {
    List<Rectangle2D> places = new ArrayList<>();
    // Above, below, and obliquely before to the sides, where the error bar is.
    for (double distance : new double[] {REACH, 1.6 * REACH}) {
      for (int angle : new int[] {90, 270, 45, 225, 135, 315, 0, 180}) {
        double direction = Math.toRadians(angle);
        double shift = Math.cos(direction) * (distance + halfWidth - 3);
        places.add(box(x(dot) + shift, y(dot) - Math.sin(direction) * distance, halfWidth, 6));
      }
    }
    return places;
  }

  private double overlap(Rectangle2D candidate, List<Rectangle2D> taken) {
    double overlap = 0;
    for (Rectangle2D other : taken) {
      Rectangle2D common = candidate.createIntersection(other);
      if (common.getWidth() > 0 && common.getHeight() > 0) {
        overlap += common.getWidth() * common.getHeight();
      }
    }
    Rectangle2D panel =
        new Rectangle2D.Double(
            plot.left(), plot.top(), plot.right() - plot.left(), plot.bottom() - plot.top());
    return panel.contains(candidate) ? overlap : overlap + 1000;
  }

  private static Rectangle2D box(double x, double y, double halfWidth, double halfHeight) {
    return new Rectangle2D.Double(x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight);
  }

  private double x(Dot dot) {
    return plot.x().at(dot.score());
  }

  private double y(Dot dot) {
    return plot.y().at(dot.accuracy());
  }

  private double reach(Dot dot) {
    return plot.x().at(dot.score() + dot.error()) - x(dot);
  }

  private static String twoDecimals(OptionalDouble value) {
    return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
  }
}
