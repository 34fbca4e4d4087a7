package dev.latentgauge.examples.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** The few things that the chart is drawn with, on any {@link Graphics2D}. */
final class Canvas {

  static final Color INK = new Color(0x222222);
  static final Color MUTED = new Color(0x666666);
  static final Color GRID = new Color(0xE8E8E8);

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 18);
  static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 13);

  /** The room that a line of {@link #TEXT} needs, in pixels. */
  static final double LINE = 16;

  // Fixed, so that the layout does not depend on what is drawn on.
  private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

  /** Which part of a text is at the given place. */
  enum Align {
    START,
    MIDDLE,
    END
  }

  private final Graphics2D graphics;

  Canvas(Graphics2D graphics) {
    this.graphics = graphics;
  }

  /** The width of a text in pixels. */
  static double width(String text, Font font) {
    return font.getStringBounds(text, METRICS).getWidth();
  }

  /** Writes a line of text whose baseline is at y. */
  void text(String text, double x, double y, Align align, Font font, Color color) {
    if (text.isBlank()) {
      return;
    }
    String writable = writable(text);
    double shift =
        switch (align) {
          case START -> 0;
          case MIDDLE -> width(writable, font) / 2;
          case END -> width(writable, font);
        };
    graphics.setFont(font);
    graphics.setColor(color);
    graphics.drawString(writable, (float) (x - shift), (float) y);
  }

  /** Writes a line of text upwards, its middle at y and its baseline at x. */
  void textUpwards(String text, double x, double y, Font font, Color color) {
    AffineTransform upright = graphics.getTransform();
    graphics.rotate(-Math.PI / 2, x, y);
    text(text, x, y, Align.MIDDLE, font, color);
    graphics.setTransform(upright);
  }

  /** Writes a line of text whose digits and capitals are centred at y. */
  void textBeside(String text, double x, double y, Align align, Font font, Color color) {
    text(text, x, y + 0.36 * font.getSize2D(), align, font, color);
  }

  /** Says why there is nothing, its middle at x and y. */
  void notice(String text, double x, double y) {
    textBeside(text, x, y, Align.MIDDLE, TEXT, MUTED);
  }

  /** The text, or as much of its beginning as is not wider than allowed. */
  static String shortened(String text, Font font, double allowed) {
    if (width(text, font) <= allowed) {
      return text;
    }
    int length = text.length();
    while (length > 0 && width(text.substring(0, length) + "…", font) > allowed) {
      length--;
    }
    return text.substring(0, length).stripTrailing() + "…";
  }

  /**
   * The text broken at spaces into lines that are not wider than allowed, the last of them
   * shortened if there would be more.
   */
  static List<String> lines(String text, Font font, double allowed, int most) {
    List<String> lines = new ArrayList<>();
    String rest = text.strip();
    while (!rest.isEmpty()) {
      int end = lines.size() + 1 < most ? fitting(rest, font, allowed) : rest.length();
      lines.add(shortened(rest.substring(0, end), font, allowed));
      rest = rest.substring(end).strip();
    }
    return lines;
  }

  /** How much of a text goes into a line: as many words as fit, but at least one. */
  private static int fitting(String text, Font font, double allowed) {
    int fitting = -1;
    int next = text.indexOf(' ');
    while (next >= 0 && width(text.substring(0, next), font) <= allowed) {
      fitting = next;
      next = text.indexOf(' ', next + 1);
    }
    if (next < 0 && (fitting < 0 || width(text, font) <= allowed)) {
      return text.length();
    }
    return fitting < 0 ? next : fitting;
  }

  /** The text with a mark for each character that XML has no way to write. */
  static String writable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cs}\\uFFFE\\uFFFF]", "\uFFFD");
  }

  void line(double x1, double y1, double x2, double y2, float width, Color color) {
    stroke(new Line2D.Double(x1, y1, x2, y2), new BasicStroke(width), color);
  }

  void stroke(Shape shape, Stroke stroke, Color color) {
    graphics.setStroke(stroke);
    graphics.setColor(color);
    graphics.draw(shape);
  }

  void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  /** Draws a marker with a white rim, so that it stands out from lines and other markers. */
  void marker(RunStyle style, double x, double y, double radius) {
    Shape shape = style.marker().around(x, y, radius);
    stroke(shape, new BasicStroke(2f), Color.WHITE);
    fill(shape, style.color());
  }

  /** Draws a marker that lets others shine through. */
  void dot(RunStyle style, double x, double y, double radius, int alpha) {
    fill(style.marker().around(x, y, radius), withAlpha(style.color(), alpha));
  }

  /** Draws an image into a square; its pixels stay squares, however large they become. */
  void image(GreyImage image, int left, int top, int side) {
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(image.image(), left, top, side, side, null);
  }

  /** A point of the picture, in pixels. */
  record Place(double x, double y) {}

  /**
   * Draws dots as one shape of lines without length, whose round ends are all that is seen of them:
   * a circle each takes five times the bytes. Where dots of one call overlap they do not darken.
   */
  void dots(List<Place> places, double radius, Color color) {
    if (places.isEmpty()) {
      return;
    }
    Path2D ends = new Path2D.Double();
    for (Place place : places) {
      double x = Math.rint(10 * place.x()) / 10;
      double y = Math.rint(10 * place.y()) / 10;
      ends.moveTo(x, y);
      ends.lineTo(x, y);
    }
    float width = (float) (2 * radius);
    stroke(ends, new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND), color);
  }

  /** The colour, from 0 (not to be seen) to 255 (opaque). */
  static Color withAlpha(Color color, int alpha) {
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
  }

  void background(double width, double height) {
    fill(new Rectangle2D.Double(0, 0, width, height), Color.WHITE);
  }
}
