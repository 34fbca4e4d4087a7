package dev.latentgauge.tests.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table that was saved as CSV (RFC 4180), read by code of its own.
 *
 * @param rows its cells, the names of the columns first
 */
record Csv(List<List<String>> rows) {

  private static final Pattern CELL =
      Pattern.compile("(?:\"((?:[^\"]|\"\")*)\"|([^\",\\r\\n]*))(,|\\r\\n)");

  /** Reads a file. */
  static Csv of(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    Matcher matcher = CELL.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find() || matcher.start() != end) {
        throw new IllegalArgumentException("no CSV: " + text.substring(end));
      }
      end = matcher.end();
      row.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1).replace("\"\"", "\""));
      if (!matcher.group(3).equals(",")) {
        rows.add(List.copyOf(row));
        row.clear();
      }
    }
    return new Csv(List.copyOf(rows));
  }

  /** The names of the columns. */
  List<String> head() {
    return rows.get(0);
  }

  /** A column from top to bottom, without its name. */
  List<String> column(String name) {
    int at = head().indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException("no column " + name + " in " + head());
    }
    return rows.stream().skip(1).map(row -> row.get(at)).toList();
  }
}
