package dev.latentgauge.cli;

import dev.latentgauge.reference.Calibration;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;

/**
 * Runs whose accuracy is known, from a file of comma-separated values: a header with the columns
 * {@code score} and {@code accuracy}, then a row a run. Other columns are ignored, but where there
 * is a column {@code run}, no run may come twice. A text in quotes must end on its line.
 */
final class RunTable {

  private static final String SCORE = "score";
  private static final String ACCURACY = "accuracy";
  private static final String RUN = "run";
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");
  private static final int LONGEST_QUOTE = 40;

  private final Path file;
  private final List<Calibration.Point> points = new ArrayList<>();
  private final Map<String, Integer> lineOfRun = new HashMap<>();
  private int line;

  private RunTable(Path file) {
    this.file = file;
  }

  /**
   * Reads a table.
   *
   * @return one point a run, in the order of the rows
   * @throws IllegalArgumentException if it is not such a table, naming line and column
   * @throws IOException if the file cannot be read
   */
  static List<Calibration.Point> read(Path file) throws IOException {
    RunTable table = new RunTable(file);
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      table.read(reader);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " must be text in UTF-8, but is not", e);
    }
    return table.points;
  }

  private void read(BufferedReader reader) throws IOException {
    List<String> header = next(reader);
    if (header.isEmpty()) {
      throw new IllegalArgumentException(
          file + " must begin with a line of column names, but is empty");
    }
    header.set(0, header.get(0).replaceFirst("^\uFEFF", ""));
    int score = required(header, SCORE);
    int accuracy = required(header, ACCURACY);
    OptionalInt run = column(header, RUN);
    for (List<String> row = next(reader); !row.isEmpty(); row = next(reader)) {
      if (row.size() != header.size()) {
        throw wrong(
            "must have as many fields as the header, " + header.size() + ", but has " + row.size());
      }
      if (run.isPresent()) {
        requireNew(row.get(run.getAsInt()));
      }
      if (points.size() == Calibration.MOST_POINTS) {
        throw wrong("is one run too many: at most " + Calibration.MOST_POINTS + " can be used");
      }
      points.add(
          new Calibration.Point(
              number(row, score, SCORE, number -> new Calibration.Point(number, 0).score()),
              number(
                  row, accuracy, ACCURACY, number -> new Calibration.Point(0, number).accuracy())));
    }
  }

  /** The fields of the next line that has any; none at the end. */
  private List<String> next(BufferedReader reader) throws IOException {
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      if (!text.isBlank()) {
        return fields(text);
      }
    }
    return List.of();
  }

  private List<String> fields(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && isQuoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (isQuoted) {
      throw wrong("must end every text in quotes, but does not");
    }
    fields.add(field.toString().strip());
    return fields;
  }

  private int required(List<String> header, String name) {
    return column(header, name)
        .orElseThrow(
            () ->
                wrong(
                    "must name a column "
                        + name
                        + ", separated by commas, but names "
                        + quote(String.join(", ", header))));
  }

  private OptionalInt column(List<String> header, String name) {
    int found = header.indexOf(name);
    if (found != header.lastIndexOf(name)) {
      throw wrong("must name the column " + name + " once, but names it twice");
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  private void requireNew(String run) {
    Integer before = lineOfRun.putIfAbsent(run, line);
    if (before != null) {
      throw wrong(
          "column "
              + RUN
              + " must be another run in every line, since points of one run are not independent,"
              + " but is "
              + quote(run)
              + " as in line "
              + before);
    }
  }

  private double number(List<String> row, int column, String name, DoubleUnaryOperator checked) {
    String text = row.get(column);
    if (!NUMBER.matcher(text).matches()) {
      throw wrong("column " + name + " must be a number, but is " + quote(text));
    }
    try {
      return checked.applyAsDouble(Double.parseDouble(text));
    } catch (IllegalArgumentException e) {
      throw wrong("column " + name + ": " + e.getMessage());
    }
  }

  private static String quote(String text) {
    return '"'
        + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…")
        + '"';
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(file + " line " + line + " " + what);
  }
}
