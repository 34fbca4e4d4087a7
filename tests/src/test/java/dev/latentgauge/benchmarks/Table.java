package dev.latentgauge.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a benchmark has seen.
 *
 * @param title what it is about
 * @param columns their names, with units
 * @param rows as many cells each as there are columns
 */
record Table(String title, List<String> columns, List<List<Cell>> rows) {

  Table(String title, String... columns) {
    this(title, List.of(columns), new ArrayList<>());
  }

  void add(Cell... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row must have " + columns.size() + " cells, but has " + cells.length);
    }
    rows.add(List.of(cells));
  }

  /** In Markdown; a column of numbers stands on the right. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    line(text, columns);
    List<String> sides = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      int at = column;
      boolean isOfNumbers =
          rows.stream()
              .map(row -> row.get(at))
              .allMatch(cell -> cell.isNumber() || cell.equals(Cell.NONE));
      sides.add(isOfNumbers && !rows.isEmpty() ? "---:" : "---");
    }
    text.append('|').append(String.join("|", sides)).append("|\n");
    for (List<Cell> row : rows) {
      line(text, row.stream().map(Cell::markdown).toList());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** A copy that cannot be changed. */
  Table finished() {
    return new Table(title, columns, Collections.unmodifiableList(new ArrayList<>(rows)));
  }
}
