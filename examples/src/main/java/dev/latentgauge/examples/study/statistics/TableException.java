package dev.latentgauge.examples.study.statistics;

import java.io.IOException;
import java.nio.file.Path;

/** A table that is not one; the message says which file, which line, and what must hold there. */
public final class TableException extends IOException {

  TableException(Path file, int line, String message) {
    super("%s, line %d: %s".formatted(file, line, message));
  }
}
