package dev.latentgauge.examples.study.statistics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Understands the lines of one table; a line has the index of its number less one. */
final class TableReader {

  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?(E[+-]?[0-9]{1,3})?");
  private static final Pattern STEP = Pattern.compile("[0-9]{1,18}");
  private static final int FIXED = MeasurementTable.FIXED_COLUMNS.size();
  private static final int MOST_MEASURES = 1000;
  private static final int MOST_LINES = 1_000_000;
  private static final int MOST_SHOWN = 60;

  private final Path file;
  private final String[] lines;
  private final List<String> columns;

  TableReader(Path file, String text) throws TableException {
    this.file = file;
    lines = text.split("\n", MOST_LINES + 2);
    if (lines.length == MOST_LINES + 2) {
      throw wrong(MOST_LINES, "there must be at most %,d lines".formatted(MOST_LINES));
    }
    if (!lines[lines.length - 1].isEmpty() || lines.length < 2) {
      throw wrong(lines.length - 1, "each line must end with a line feed, but the file ends here");
    }
    columns = List.of(lines[0].split(",", FIXED + MOST_MEASURES + 1));
    if (columns.size() < FIXED
        || columns.size() > FIXED + MOST_MEASURES
        || !columns.subList(0, FIXED).equals(MeasurementTable.FIXED_COLUMNS)) {
      throw wrong(
          0,
          "the columns must be %s and then at most %d measures, but are \"%s\""
              .formatted(
                  String.join(",", MeasurementTable.FIXED_COLUMNS),
                  MOST_MEASURES,
                  shown(lines[0])));
    }
  }

  Case read(String name) throws TableException {
    List<String> measures = columns.subList(FIXED, columns.size());
    checked(0, () -> new Case(name, measures, List.of()));
    List<RunCurve> runs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int first = 1;
    while (first < lines.length - 1) {
      List<String[]> rows = rowsOfRun(first);
      String run = rows.get(0)[0];
      if (!names.add(run)) {
        throw wrong(first, "the lines of a run must be together, but \"" + run + "\" was before");
      }
      runs.add(run(measures, rows, first));
      first += rows.size();
    }
    return new Case(name, measures, runs);
  }

  private List<String[]> rowsOfRun(int first) throws TableException {
    List<String[]> rows = new ArrayList<>();
    String start = "";
    for (int i = first; i < lines.length - 1; i++) {
      String[] cells = lines[i].split(",", columns.size() + 1);
      if (cells.length != columns.size()) {
        throw wrong(
            i,
            "there must be %d cells, but are %s"
                .formatted(columns.size(), cells.length > columns.size() ? "more" : cells.length));
      }
      if (i > first && !cells[0].equals(rows.get(0)[0])) {
        break;
      }
      if (i > first && !cells[1].equals(start)) {
        throw wrong(
            i,
            "the settings must stay \"%s\" within a run, but are \"%s\""
                .formatted(shown(start), shown(cells[1])));
      }
      start = cells[1];
      rows.add(cells);
    }
    return rows;
  }

  private RunCurve run(List<String> measures, List<String[]> rows, int first)
      throws TableException {
    Map<String, String> settings = settings(rows.get(0)[1], first);
    List<RunCurve.Point> points = new ArrayList<>();
    for (String[] cells : rows) {
      int line = first + points.size();
      RunCurve.Point point = point(cells, line);
      if (!points.isEmpty() && point.step() <= points.get(points.size() - 1).step()) {
        throw wrong(
            line,
            "the steps of a run must rise, but %d follows %d"
                .formatted(point.step(), points.get(points.size() - 1).step()));
      }
      points.add(point);
    }
    return checked(first, () -> RunCurve.of(rows.get(0)[0], settings, measures, points));
  }

  private Map<String, String> settings(String cell, int line) throws TableException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String setting : cell.isEmpty() ? new String[0] : cell.split(";", -1)) {
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw wrong(line, "a setting must be name=value, but is \"" + shown(setting) + "\"");
      }
      String name = setting.substring(0, equals);
      if (settings.put(name, setting.substring(equals + 1)) != null) {
        throw wrong(line, "settings must differ, but there are two of \"" + shown(name) + "\"");
      }
    }
    return settings;
  }

  private RunCurve.Point point(String[] cells, int line) throws TableException {
    if (!STEP.matcher(cells[2]).matches()) {
      throw wrong(line, "the step must be a whole number, but is \"" + shown(cells[2]) + "\"");
    }
    double[] numbers = new double[cells.length];
    Map<String, Double> values = new HashMap<>();
    for (int i = 3; i < cells.length; i++) {
      if (i < FIXED || !cells[i].isEmpty()) {
        numbers[i] = number(cells[i], columns.get(i), line);
      }
      if (i >= FIXED && !cells[i].isEmpty()) {
        values.put(columns.get(i), numbers[i]);
      }
    }
    return checked(
        line,
        () ->
            new RunCurve.Point(
                Long.parseLong(cells[2]), numbers[3], numbers[4], numbers[5], numbers[6], values));
  }

  private double number(String cell, String column, int line) throws TableException {
    if (!NUMBER.matcher(cell).matches()) {
      throw wrong(line, "%s must be a number, but is \"%s\"".formatted(column, shown(cell)));
    }
    return Double.parseDouble(cell);
  }

  private <T> T checked(int line, Supplier<T> made) throws TableException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw wrong(line, String.valueOf(e.getMessage()));
    }
  }

  private TableException wrong(int line, String message) {
    return new TableException(file, line + 1, message);
  }

  private static String shown(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }
}
