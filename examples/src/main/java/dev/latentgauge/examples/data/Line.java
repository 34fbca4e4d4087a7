package dev.latentgauge.examples.data;

import java.util.List;
import java.util.regex.Pattern;

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
   * @param separator one character or more
   * @param count how many fields there must be
   * @throws DataException if there are more or fewer
   */
  List<String> fields(String separator, int count) throws DataException {
    // One more than needed shows that there are too many, and a long line cannot fill the memory.
    List<String> fields = List.of(text.split(Pattern.quote(separator), count + 1));
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
