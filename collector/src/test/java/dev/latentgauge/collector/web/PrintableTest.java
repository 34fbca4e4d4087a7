package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r",
        "\n",
        "\u001b[31m",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u0000",
        "\u007f"
      })
  void whatCouldEndOrForgeALineIsWrittenAsItsNumber(String nasty) {
    assertThat(Printable.of("a" + nasty + "b"))
        .matches("[ -~]+")
        .startsWith("a\\u%04x".formatted((int) nasty.charAt(0)));
  }

  @Test
  void whatIsEscapedCannotBeForged() {
    assertThat(Printable.of("\\u000a")).isEqualTo("\\u005cu000a");
  }

  @Test
  void lengthIsBounded() {
    assertThat(Printable.of("a".repeat(10_000))).hasSize(203);
  }
}
