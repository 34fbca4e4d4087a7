package dev.latentgauge.observation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which known names somebody may have meant who wrote another.
 *
 * <p>Names are compared by their edit distance (Levenshtein: the least number of characters
 * inserted, deleted or replaced), without regard to case. Names are near if the distance is at most
 * a third of the longer one's length.
 */
public final class Nearest {

  private Nearest() {}

  /**
   * Finds the names near another.
   *
   * @param wanted what was written
   * @param known what there is
   * @param most the most names to answer
   * @return the nearest first, equally near ones as they are known; empty where none is near
   */
  public static List<String> of(String wanted, Collection<String> known, int most) {
    return of(wanted, known, most, Set::of);
  }

  /**
   * Finds the names near another, of things that go by several names.
   *
   * <p>Two names are as near as the nearest of their forms; where that decides nothing, the names
   * as they are do. Takes O(ab) time for forms of a and b characters whose lengths do not differ
   * too much already.
   *
   * @param wanted what was written
   * @param known what there is
   * @param most the most names to answer
   * @param forms the forms of a name, the name itself or others; empty ones do not count
   * @return the nearest first, equally near ones as they are known; empty where none is near
   */
  public static List<String> of(
      String wanted,
      Collection<String> known,
      int most,
      Function<String, ? extends Collection<String>> forms) {
    List<String> wantedForms = folded(forms.apply(wanted)).toList();
    return known.stream()
        .distinct()
        .map(name -> candidate(wanted, wantedForms, name, forms))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingInt(Candidate::least).thenComparingInt(Candidate::whole))
        .limit(most)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int least, int whole) {}

  private static @Nullable Candidate candidate(
      String wanted,
      List<String> wantedForms,
      String name,
      Function<String, ? extends Collection<String>> forms) {
    int least =
        folded(forms.apply(name))
            .flatMapToInt(
                form ->
                    wantedForms.stream()
                        .filter(other -> mayBeNear(form, other))
                        .mapToInt(other -> distanceIfNear(form, other)))
            .min()
            .orElse(Integer.MAX_VALUE);
    return least == Integer.MAX_VALUE
        ? null
        : new Candidate(name, least, distance(folded(wanted), folded(name)));
  }

  private static Stream<String> folded(Collection<String> forms) {
    return forms.stream().filter(form -> !form.isEmpty()).map(Nearest::folded);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static int distanceIfNear(String a, String b) {
    int distance = distance(a, b);
    return distance <= farthest(a, b) ? distance : Integer.MAX_VALUE;
  }

  /** The distance is no less than the difference of the lengths, which costs nothing. */
  private static boolean mayBeNear(String a, String b) {
    return Math.abs(a.length() - b.length()) <= farthest(a, b);
  }

  private static int farthest(String a, String b) {
    return Math.max(a.length(), b.length()) / 3;
  }

  /** Wagner and Fischer (1974), with one row of the table. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
