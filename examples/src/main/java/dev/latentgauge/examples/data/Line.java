package dev.latentgauge.examples.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a file, which can say what is wrong with it.
 *
 * @param origin what messages call the file
 * @param number 1 for the first line
 * @param text the line without its end
 */
record Line(String origin, int number, String text) {

  /** More than this of what was found says nothing more to people. */
  private static final int LONGEST_QUOTE = 60;

  /**
   * What is between separators.
   *
   * @param count how many fields there must be; no more than one more are ever made
   * @throws DataException if there are more or fewer
   */
  List<String> fields(char separator, int count) throws DataException {
    List<String> fields = new ArrayList<>(count + 1);
    int start = 0;
    int end = text.indexOf(separator);
    while (end >= 0 && fields.size() < count) {
      fields.add(text.substring(start, end));
      start = end + 1;
      end = text.indexOf(separator, start);
    }
    fields.add(text.substring(start));
    if (fields.size() != count) {
      throw wrong("a line must have %,d fields".formatted(count), text);
    }
    return fields;
  }

  /**
   * What to throw where something in the line is not as it must be.
   *
   * @param rule what must hold, such as "a pixel must be a whole number in [0, 16]"
   * @param found what is there instead; shortened, and without control characters, in the message
   */
  DataException wrong(String rule, String found) {
    String shown =
        found.length() <= LONGEST_QUOTE ? found : found.substring(0, LONGEST_QUOTE) + "...";
    return new DataException(
        "%s, line %,d: %s, but here is '%s'"
            .formatted(origin, number, rule, shown.replaceAll("[\\p{Cntrl}\u0080-\u009F]", "?")));
  }
}
