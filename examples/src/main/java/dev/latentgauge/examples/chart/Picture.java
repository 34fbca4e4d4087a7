package dev.latentgauge.examples.chart;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/**
 * A drawing of a fixed size. The same drawing gives the same bytes on machines with the same fonts;
 * no display is needed.
 */
public final class Picture {

  private static final int PNG_SCALE = 2;

  // Similar in width to what the layout was computed with, so that the text fits anywhere.
  private static final String FONT_FAMILIES =
      "\"DejaVu Sans\", Verdana, \"Bitstream Vera Sans\", \"Segoe UI\", Helvetica, Arial, sans-serif";

  private final String title;
  private final String description;
  private final int width;
  private final int height;
  private final Consumer<Canvas> drawing;

  /**
   * To be drawn when asked for.
   *
   * @param title what the picture is, for people who do not see it; may be blank
   * @param description what it shows, for the same people; may be blank
   * @param width in pixels of the layout
   * @param height in pixels of the layout
   * @param drawing draws it all, background included; the same each time
   */
  Picture(String title, String description, int width, int height, Consumer<Canvas> drawing) {
    this.title = title;
    this.description = description;
    this.width = width;
    this.height = height;
    this.drawing = drawing;
  }

  /**
   * Draws a scalable picture, in which text is text.
   *
   * @return an SVG document
   */
  public String toSvg() {
    SVGGraphics2D graphics = new SVGGraphics2D(width, height);
    graphics.setFontFunction(family -> FONT_FAMILIES);
    graphics.setGeomDoubleConverter(Picture::twoDecimals);
    drawing.accept(new Canvas(graphics));
    ViewBox viewBox = new ViewBox(0, 0, width, height);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + described(graphics.getSVGElement(null, true, viewBox, null, null))
        + "\n";
  }

  /**
   * Writes the scalable picture, replacing what is there.
   *
   * @param svg the file
   * @throws IOException if it cannot be written
   */
  public void writeSvg(Path svg) throws IOException {
    Files.writeString(svg, toSvg(), StandardCharsets.UTF_8);
  }

  /**
   * Draws a picture of pixels, two to a pixel of the layout each way.
   *
   * @return a PNG file
   */
  public byte[] toPng() {
    BufferedImage image =
        new BufferedImage(PNG_SCALE * width, PNG_SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(PNG_SCALE, PNG_SCALE);
      drawing.accept(new Canvas(graphics));
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    return png.toByteArray();
  }

  /**
   * Writes the picture of pixels, replacing what is there.
   *
   * @param png the file
   * @throws IOException if it cannot be written
   */
  public void writePng(Path png) throws IOException {
    Files.write(png, toPng());
  }

  /** Puts title and description where screen readers look for them: first in the root element. */
  private String described(String svg) {
    int open = svg.indexOf('>') + 1;
    return svg.substring(0, open)
        + element("title", title)
        + element("desc", description)
        + svg.substring(open);
  }

  private static String element(String name, String text) {
    if (text.isBlank()) {
      return "";
    }
    String escaped =
        Canvas.writable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "<" + name + ">" + escaped + "</" + name + ">";
  }

  private static String twoDecimals(double value) {
    return BigDecimal.valueOf(value)
        .setScale(2, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
