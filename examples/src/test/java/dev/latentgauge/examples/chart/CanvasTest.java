package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CanvasTest {

  private static final double TWO_WORDS = Canvas.width("ab cd", Canvas.TEXT);

  @Test
  void aLineTakesAsManyWordsAsFit() {
    assertThat(Canvas.lines("ab cd ab cd ab", Canvas.TEXT, TWO_WORDS + 1, 9))
        .containsExactly("ab cd", "ab cd", "ab");
  }

  @Test
  void theLastLineIsShortenedIfMoreWouldFollow() {
    assertThat(Canvas.lines("ab cd ab cd ab", Canvas.TEXT, TWO_WORDS + 1, 2))
        .hasSize(2)
        .allSatisfy(line -> assertThat(Canvas.width(line, Canvas.TEXT)).isLessThan(TWO_WORDS + 1))
        .last()
        .asString()
        .endsWith("…");
  }

  @Test
  void aWordThatIsTooLongHasAShortenedLineOfItsOwn() {
    assertThat(Canvas.lines("ab " + "x".repeat(99) + " cd", Canvas.TEXT, TWO_WORDS + 1, 9))
        .hasSize(3)
        .startsWith("ab")
        .endsWith("cd");
  }

  @Test
  void aShortTextIsOneLineAndABlankOneIsNone() {
    assertThat(Canvas.lines(" ab cd ", Canvas.TEXT, TWO_WORDS + 1, 9)).containsExactly("ab cd");
    assertThat(Canvas.lines("  ", Canvas.TEXT, TWO_WORDS, 9)).isEmpty();
  }
}
