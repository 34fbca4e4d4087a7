package dev.latentgauge.examples.chart;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** The shape of a point, of about the same area in all of them. */
enum Marker {
  CIRCLE(0, 0, 1.0),
  SQUARE(4, 45, 1.25),
  TRIANGLE(3, -90, 1.4),
  DIAMOND(4, 0, 1.3),
  TRIANGLE_DOWN(3, 90, 1.4),
  PENTAGON(5, -90, 1.15);

  private final int corners;
  private final double angle;
  private final double scale;

  Marker(int corners, double angle, double scale) {
    this.corners = corners;
    this.angle = angle;
    this.scale = scale;
  }

  /** The outline around (x, y) that has about the area of a circle with the radius. */
  Shape around(double x, double y, double radius) {
    if (corners == 0) {
      return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    Path2D outline = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double direction = Math.toRadians(angle + 360.0 * i / corners);
      double cornerX = x + scale * radius * Math.cos(direction);
      double cornerY = y + scale * radius * Math.sin(direction);
      if (i == 0) {
        outline.moveTo(cornerX, cornerY);
      } else {
        outline.lineTo(cornerX, cornerY);
      }
    }
    outline.closePath();
    return outline;
  }
}
