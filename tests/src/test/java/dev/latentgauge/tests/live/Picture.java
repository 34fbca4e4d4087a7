package dev.latentgauge.tests.live;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A picture that was saved as PNG. */
record Picture(BufferedImage image) {

  /** Reads a file. */
  static Picture of(byte[] file) {
    try {
      return new Picture(
          Objects.requireNonNull(
              ImageIO.read(new ByteArrayInputStream(file)), "this is no picture"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  /** How many colours it has. */
  long colours() {
    return IntStream.of(image.getRGB(0, 0, width(), height(), null, 0, width())).distinct().count();
  }
}
