package dev.latentgauge.examples.study.report;

import java.util.ArrayList;
import java.util.List;

/** A document in the making. */
final class Markdown {

  private final StringBuilder text = new StringBuilder();

  Markdown heading(int level, String words) {
    return paragraph("#".repeat(level) + " " + words);
  }

  Markdown paragraph(String words) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(words.strip()).append('\n');
    return this;
  }

  /** A table; the first column is of words, the others of numbers. */
  Markdown table(List<String> header, List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(line(header));
    lines.add("|---|" + "---:|".repeat(header.size() - 1));
    rows.forEach(row -> lines.add(line(row)));
    return paragraph(String.join("\n", lines));
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  Markdown picture(String file, String says) {
    return paragraph("![%s](%s)".formatted(says, file));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
