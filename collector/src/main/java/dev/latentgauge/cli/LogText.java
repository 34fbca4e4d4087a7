package dev.latentgauge.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Text in which nothing begins a new line, or makes a terminal do anything.
 *
 * <p>What clients send gets into messages. A line break in it would let them write lines of the
 * log.
 */
final class LogText {

  private static final String INDENT = "\n\t";

  private LogText() {}

  /** A text in which such characters are written as in Java: {@code \n}, {@code \u001b}. */
  static String escaped(String text) {
    if (text.codePoints().noneMatch(LogText::isHarmful)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(character -> append(safe, character));
    return safe.toString();
  }

  /**
   * A text of several lines that all stand out, so that none can be taken for one of the log: each
   * begins with a tab.
   */
  static String indented(String lines) {
    return Arrays.stream(lines.split("\\R"))
        .map(line -> INDENT + leadingTabs(line) + escaped(line.stripLeading()))
        .collect(Collectors.joining());
  }

  private static String leadingTabs(String line) {
    return line.replaceFirst("^(\t*).*", "$1");
  }

  private static void append(StringBuilder safe, int character) {
    switch (character) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      default -> {
        if (isHarmful(character)) {
          safe.append("\\u").append(String.format("%04x", character));
        } else {
          safe.appendCodePoint(character);
        }
      }
    }
  }

  /** Control characters, line separators, and those that turn the direction of writing. */
  static boolean isHarmful(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
