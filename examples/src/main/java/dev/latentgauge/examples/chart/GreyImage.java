package dev.latentgauge.examples.chart;

import java.awt.image.BufferedImage;

/** A small image in shades of grey. Immutable. */
public final class GreyImage {

  private static final int LEVELS = 255;

  private final int width;
  private final byte[] levels;

  private GreyImage(int width, byte[] levels) {
    this.width = width;
    this.levels = levels;
  }

  /**
   * Takes the brightness of each pixel.
   *
   * @param width in pixels, at least 1
   * @param brightness row by row from the top left, as many rows as are full; 0 is black and 1
   *     white, and what is beyond is taken for one of them
   * @return the image
   * @throws IllegalArgumentException if there is no full row or one that is not full, or a
   *     brightness is not a number
   */
  public static GreyImage of(int width, float[] brightness) {
    if (width < 1 || brightness.length == 0 || brightness.length % width != 0) {
      throw new IllegalArgumentException(
          "an image must have full rows of at least 1 pixel, but has %d pixels in rows of %d"
              .formatted(brightness.length, width));
    }
    byte[] levels = new byte[brightness.length];
    for (int i = 0; i < levels.length; i++) {
      if (Float.isNaN(brightness[i])) {
        throw new IllegalArgumentException(
            "a brightness must be a number, but pixel " + i + " is not");
      }
      levels[i] = (byte) Math.round(LEVELS * Math.max(0, Math.min(1, brightness[i])));
    }
    return new GreyImage(width, levels);
  }

  int width() {
    return width;
  }

  int height() {
    return levels.length / width;
  }

  BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, width, height(), levels);
    return image;
  }
}
