package dev.latentgauge.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Stroke;
import java.util.List;

/**
 * How a run looks, the same in all panels.
 *
 * @param color of its lines and markers
 * @param marker of its measurements
 * @param stroke of its lines
 */
record RunStyle(Color color, Marker marker, Stroke stroke) {

  // Okabe and Ito's palette, which people of any colour vision tell apart, without its yellow (too
  // light for lines on white), then wine, olive and grey of Paul Tol's.
  private static final List<Color> COLORS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x222222),
          new Color(0x882255),
          new Color(0x8F8F1F),
          new Color(0x888888));

  private static final float WIDTH = 1.8f;

  /**
   * The style of the run at an index; the first ten differ in colour, the first thirty in some way.
   */
  static RunStyle of(int index) {
    Marker[] markers = Marker.values();
    // Every second run is dashed, so that neighbours in the palette differ without colour too.
    float[] dash = index % 2 == 0 ? null : new float[] {5, 2.5f};
    return new RunStyle(
        COLORS.get(index % COLORS.size()),
        markers[index % markers.length],
        new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0));
  }

  /** The same style with a circle as its marker, for what is told apart by colour alone. */
  static RunStyle round(int index) {
    RunStyle style = of(index);
    return new RunStyle(style.color(), Marker.CIRCLE, style.stroke());
  }
}
