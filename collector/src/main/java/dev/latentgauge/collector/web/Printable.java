package dev.latentgauge.collector.web;

/** What clients send, as it may be logged. */
final class Printable {

  private static final int LONGEST = 200;

  private Printable() {}

  /**
   * A text in visible ASCII, on one line: anything else could end the line, colour the terminal, or
   * turn the direction of writing.
   */
  static String of(String text) {
    StringBuilder printable = new StringBuilder();
    text.chars()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (c >= ' ' && c <= '~' && c != '\\') {
                printable.append((char) c);
              } else {
                printable.append("\\u%04x".formatted(c));
              }
            });
    return text.length() <= LONGEST ? printable.toString() : printable + "...";
  }
}
