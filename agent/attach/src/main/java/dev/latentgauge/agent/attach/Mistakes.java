package dev.latentgauge.agent.attach;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong in a file of settings. */
final class Mistakes {

  private static final int WHOLE_FILE = Integer.MAX_VALUE;

  private final Path file;
  private final List<Mistake> all = new ArrayList<>();

  private record Mistake(String text, int line) {}

  Mistakes(Path file) {
    this.file = file;
  }

  /** Adds one that is on no line, as what is not there. */
  void add(String text) {
    all.add(new Mistake(text, WHOLE_FILE));
  }

  /** Adds one on a line, counted from 1. */
  void add(String text, int line) {
    all.add(new Mistake(text, line));
  }

  /** A sentence for each, in the order of the file. */
  List<String> sentences() {
    return all.stream().sorted(Comparator.comparingInt(Mistake::line)).map(this::sentence).toList();
  }

  private String sentence(Mistake mistake) {
    return mistake.text()
        + (mistake.line() == WHOLE_FILE ? " (" : " (line " + mistake.line() + " of ")
        + file
        + ")";
  }
}
