package dev.latentgauge.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "lr-0.01", ".hidden", "...", "blocks.*.attention", "cnn@0123", "_"})
  void namesThatAreSafeInPathsAreTaken(String name) {
    assertThat(Names.require("the name", name)).isSameAs(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", ".."})
  void aNameThatMeansAFolderIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.require("the name of a run", name))
        .withMessage(
            "the name of a run must not be \".\" or \"..\", which in a path mean folders, but is \""
                + name
                + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "a\n"})
  void otherCharactersAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.require("the name of a run", name))
        .withMessage(
            "the name of a run must match [A-Za-z0-9._*@-]{1,128}, but is \"" + name + "\"");
  }

  @Test
  void aNameHasAtMost128Characters() {
    Names.require("the name", "a".repeat(128));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.require("the name", "a".repeat(129)))
        .withMessageStartingWith("the name must match");
  }

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "student-*, student-a, true",
    "student-*, a-student-a, false",
    "*a*b, xaxb, true",
    "*a*b, xbxa, false",
    "a.c, abc, false",
    "a, a, true"
  })
  void aPatternHasStarsAndNothingElse(String pattern, String name, boolean isMeant) {
    assertThat(Names.matching(pattern).matcher(name).matches()).isEqualTo(isMeant);
  }
}
