package dev.latentgauge.examples.data;

import java.io.IOException;

/** A data set that is missing or damaged; the message says which file, where, and how to get it. */
public final class DataException extends IOException {

  DataException(String message) {
    super(message);
  }

  DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
