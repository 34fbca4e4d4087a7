package dev.latentgauge.cli;

import java.nio.file.Path;

/** What a reference is called that nobody gave a name. */
final class ReferenceNames {

  private static final int LONGEST = 100;

  private ReferenceNames() {}

  /** The name of a file without its ending, and with what is not allowed in names replaced. */
  static String of(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.safetensors$", "");
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-");
    String shortened = allowed.substring(0, Math.min(allowed.length(), LONGEST));
    return shortened.matches("\\.{0,2}") ? "reference" : shortened;
  }
}
