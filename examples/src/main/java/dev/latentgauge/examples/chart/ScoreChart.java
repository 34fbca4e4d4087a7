package dev.latentgauge.examples.chart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    return picture().toSvg();
  }

  /**
   * Draws a picture of pixels, two to a pixel of the layout each way, 2,240 wide.
   *
   * @return a PNG file
   */
  public byte[] toPng() {
    return picture().toPng();
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

  private Picture picture() {
    Figure figure = new Figure(this);
    return new Picture(title, subtitle, Figure.WIDTH, figure.height(), figure::draw);
  }
}
