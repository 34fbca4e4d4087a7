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
import java.util.List;
import javax.imageio.ImageIO;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/**
 * The picture of several runs: their scores and their true accuracies while they trained, and how
 * the final ones go together.
 *
 * <p>Runs are numbered by their final accuracy, so that the numbers at the ends of the score lines
 * tell at a glance how well the score orders the runs. Legible for up to about ten runs. The same
 * runs give the same bytes on machines with the same fonts; no display is needed.
 *
 * @param title above everything; may be empty
 * @param subtitle below the title; may be empty
 * @param runs in any order, which decides their colours and nothing else
 */
public record ScoreChart(String title, String subtitle, List<RunCurve> runs) {

  private static final int PNG_SCALE = 2;

  // Similar in width to what the layout was computed with, so that the text fits anywhere.
  private static final String FONT_FAMILIES =
      "\"DejaVu Sans\", Verdana, \"Bitstream Vera Sans\", \"Segoe UI\", Helvetica, Arial, sans-serif";

  /** Keeps the runs. */
  public ScoreChart {
    runs = List.copyOf(runs);
  }

  /**
   * Draws a scalable picture, in which text is text.
   *
   * @return an SVG document
   */
  public String toSvg() {
    Figure figure = new Figure(this);
    SVGGraphics2D graphics = new SVGGraphics2D(Figure.WIDTH, figure.height());
    graphics.setFontFunction(family -> FONT_FAMILIES);
    graphics.setGeomDoubleConverter(ScoreChart::twoDecimals);
    figure.draw(new Canvas(graphics));
    ViewBox viewBox = new ViewBox(0, 0, Figure.WIDTH, figure.height());
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + graphics.getSVGElement(null, true, viewBox, null, null)
        + "\n";
  }

  /**
   * Draws a picture of pixels, two to a pixel of the layout each way, 2,240 wide.
   *
   * @return a PNG file
   */
  public byte[] toPng() {
    Figure figure = new Figure(this);
    BufferedImage image =
        new BufferedImage(
            PNG_SCALE * Figure.WIDTH, PNG_SCALE * figure.height(), BufferedImage.TYPE_INT_RGB);
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
      figure.draw(new Canvas(graphics));
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
   * Writes both pictures, replacing what is there.
   *
   * @param svg the file for the scalable picture
   * @param png the file for the picture of pixels
   * @throws IOException if a file cannot be written
   */
  public void write(Path svg, Path png) throws IOException {
    Files.writeString(svg, toSvg(), StandardCharsets.UTF_8);
    Files.write(png, toPng());
  }

  private static String twoDecimals(double value) {
    return BigDecimal.valueOf(value)
        .setScale(2, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
