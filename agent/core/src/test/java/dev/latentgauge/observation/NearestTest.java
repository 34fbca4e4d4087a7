package dev.latentgauge.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> KNOWN = List.of("encoder", "decoder", "head", "embedding");

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "saturday, sunday, 3",
    "flaw, lawn, 2",
    "abc, abc, 0",
    "'', abc, 3",
    "abc, '', 3",
    "ab, ba, 2"
  })
  void countsInsertionsDeletionsAndReplacements(String a, String b, int distance) {
    assertThat(Nearest.distance(a, b)).isEqualTo(distance);
  }

  @Test
  void distancesAreThoseOfTheDefinition() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      String a = word(random);
      String b = word(random);
      assertThat(Nearest.distance(a, b)).as("%s %s", a, b).isEqualTo(definition(a, b));
    }
  }

  @Test
  void theNearestComesFirstAndEquallyNearOnesAsTheyAreKnown() {
    assertThat(Nearest.of("encodr", KNOWN, 3)).containsExactly("encoder");
    assertThat(Nearest.of("dencoder", KNOWN, 3)).containsExactly("encoder", "decoder");
    assertThat(Nearest.of("decodder", KNOWN, 1)).containsExactly("decoder");
    assertThat(Nearest.of("ax", List.of("axe", "axi", "axo", "axu"), 3))
        .containsExactly("axe", "axi", "axo");
  }

  @Test
  void caseDoesNotCount() {
    assertThat(Nearest.of("ENCODER", KNOWN, 1)).containsExactly("encoder");
    assertThat(Nearest.of("encoder", List.of("Encoder"), 1)).containsExactly("Encoder");
  }

  @Test
  void whatDiffersInMoreThanAThirdOfTheLongerNameIsNotNear() {
    assertThat(Nearest.of("abcdef", List.of("abcdxy"), 3)).containsExactly("abcdxy");
    assertThat(Nearest.of("abcdef", List.of("abcxyz"), 3)).isEmpty();
    assertThat(Nearest.of("ab", List.of("abc", "abcd"), 3)).containsExactly("abc");
    assertThat(Nearest.of("", KNOWN, 3)).isEmpty();
    assertThat(Nearest.of("head", List.of(), 3)).isEmpty();
  }

  @Test
  void aNameIsThereOnceHoweverOftenItIsKnown() {
    assertThat(Nearest.of("heat", List.of("head", "head"), 3)).containsExactly("head");
  }

  @Test
  void aThingMayGoBySeveralNames() {
    List<String> paths = List.of("a/left", "b/left", "b/right");
    assertThat(Nearest.of("a/lefd", paths, 3, path -> List.of(path, path.substring(2), "")))
        .containsExactly("a/left", "b/left");
  }

  private static String word(SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static int definition(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length();
    }
    String restA = a.substring(1);
    String restB = b.substring(1);
    int replaced = definition(restA, restB) + (a.charAt(0) == b.charAt(0) ? 0 : 1);
    return Math.min(replaced, 1 + Math.min(definition(restA, b), definition(a, restB)));
  }
}
