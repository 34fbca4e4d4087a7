package dev.latentgauge.examples.report;

import java.util.ArrayList;
import java.util.List;

/** A document in the making. */
public final class Markdown {

  private final StringBuilder text = new StringBuilder();

  /**
   * Adds a heading.
   *
   * @param level from 1
   * @param words of one line
   * @return this
   */
  public Markdown heading(int level, String words) {
    return paragraph("#".repeat(level) + " " + words);
  }

  /**
   * Adds a paragraph, or anything else that stands by itself.
   *
   * @param words in Markdown
   * @return this
   */
  public Markdown paragraph(String words) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(words.strip()).append('\n');
    return this;
  }

  /**
   * Adds a table; the first column is of words, the others of numbers.
   *
   * @param header a cell a column
   * @param rows with as many cells
   * @return this
   */
  public Markdown table(List<String> header, List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(line(header));
    lines.add("|---|" + "---:|".repeat(header.size() - 1));
    rows.forEach(row -> lines.add(line(row)));
    return paragraph(String.join("\n", lines));
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /**
   * Adds a picture.
   *
   * @param file relative to the document
   * @param says what it shows, for people who do not see it
   * @return this
   */
  public Markdown picture(String file, String says) {
    return paragraph("![%s](%s)".formatted(says, file));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
