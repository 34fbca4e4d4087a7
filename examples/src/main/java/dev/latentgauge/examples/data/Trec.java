package dev.latentgauge.examples.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * TREC: questions in English, and which of six kinds of answer they ask for.
 *
 * @param train 5,452 questions
 * @param test 500 other questions
 */
public record Trec(List<Question> train, List<Question> test) {

  /** The coarse kinds of answer, in the order of their numbers. */
  public static final List<String> KINDS = List.of("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");

  /**
   * A question.
   *
   * @param text its words and punctuation, separated by blanks
   * @param kind the kind of its answer, an index into {@link #KINDS}
   */
  public record Question(String text, int kind) {}

  /**
   * Finds the data.
   *
   * @return all questions
   * @throws DataException if it is not to be had
   */
  public static Trec find() throws DataException {
    return load(Path.of("../shared/data/trec"));
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has the files under the names that their publisher gave them
   * @return all questions
   * @throws DataException if a file is missing or damaged
   */
  public static Trec load(Path folder) throws DataException {
    try {
      return new Trec(
          questions(folder.resolve("train_5500.label")),
          questions(folder.resolve("TREC_10.label")));
    } catch (IOException e) {
      throw new DataException("TREC cannot be read: " + e, e);
    }
  }

  private static List<Question> questions(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
        .map(
            line ->
                new Question(
                    line.substring(line.indexOf(' ') + 1),
                    KINDS.indexOf(line.substring(0, line.indexOf(':')))))
        .toList();
  }
}
