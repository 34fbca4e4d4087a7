package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What keeps a picture from being built; all of it is said at once. */
final class Mistakes {

  private final List<String> mistakes = new ArrayList<>();

  void add(String mistake) {
    mistakes.add(mistake);
  }

  /**
   * Looks whether a scale has a length.
   *
   * @param what goes from one number to another, such as {@code axis}
   */
  void checkRange(String what, double low, double high) {
    if (!(Double.isFinite(low) && Double.isFinite(high) && low < high)) {
      add(
          "the %s must go from one finite number up to another, but goes from %s to %s"
              .formatted(what, low, high));
    }
  }

  /** Looks whether each category is there once. */
  void checkCategories(List<String> categories) {
    if (new HashSet<>(categories).size() < categories.size()) {
      add("each category must be there once, but they are " + categories);
    }
  }

  /**
   * Looks whether what a panel shows is of categories that are there.
   *
   * @param heading of the panel
   * @param used the categories of all that it shows
   */
  void checkCategories(String heading, Stream<String> used, List<String> categories) {
    Set<String> known = new HashSet<>(categories);
    used.distinct()
        .filter(category -> !known.contains(category))
        .map(
            category ->
                "the categories of %s must be among %s, but one is %s"
                    .formatted(heading, categories, category))
        .forEach(mistakes::add);
  }

  /**
   * Says all of it.
   *
   * @param what is to be built, such as {@code grid}
   * @throws IllegalArgumentException if there is anything to say
   */
  void requireNone(String what) {
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          "the " + what + " cannot be built: " + String.join("; ", mistakes));
    }
  }
}
