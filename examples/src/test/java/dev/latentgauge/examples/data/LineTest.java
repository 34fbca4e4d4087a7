package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {

  @Test
  void everyByteIsACharacterAndEveryLineHasItsNumber() {
    byte[] bytes = {'a', '\n', (byte) 0xF0, '\r', '\n', '\n', 'b'};

    assertThat(new Content("f", bytes).lines())
        .containsExactly(
            new Line("f", 1, "a"),
            new Line("f", 2, "\u00F0"),
            new Line("f", 3, ""),
            new Line("f", 4, "b"));
  }

  @Test
  void anEmptyFileHasNoLines() {
    assertThat(new Content("f", new byte[0]).lines()).isEmpty();
  }

  @Test
  void emptyFieldsCount() throws DataException {
    assertThat(new Line("f", 1, ",a,").fields(',', 3)).containsExactly("", "a", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a,b,c,", ""})
  void aLineMustHaveAsManyFieldsAsItsReaderNeeds(String text) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> new Line("f", 7, text).fields(',', 3))
        .withMessage("f, line 7: a line must have 3 fields, but here is '" + text + "'");
  }

  @Test
  void whatIsFoundIsShortenedAndCannotControlATerminal() {
    String found = "\u001b[2J\u009b" + "x".repeat(1000);

    assertThat(new Line("f", 1_234, found).wrong("it must be so", found))
        .hasMessage("f, line 1,234: it must be so, but here is '?[2J?" + "x".repeat(55) + "...'");
  }

  @Test
  void theFirstWrongLineIsRefusedBeforeTheOthersAreMade() {
    // As objects, these lines would take more than a gigabyte, which tests do not have.
    Content file = new Content("f", "x\n".repeat(30_000_000).getBytes(StandardCharsets.US_ASCII));

    Line first = file.lines().iterator().next();

    assertThat(first).isEqualTo(new Line("f", 1, "x"));
  }
}
