package dev.latentgauge.reference;

import java.io.IOException;

/** A file that can be read, but is not what it should be; the message names it and says why. */
public final class InvalidFileException extends IOException {

  InvalidFileException(String message) {
    super(message);
  }
}
