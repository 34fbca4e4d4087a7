package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeTest {

  @ParameterizedTest
  @CsvSource({
    "1KB, 1024",
    "500MB, 524288000",
    "10GB, 10737418240",
    "3TB, 3298534883328",
    "5000TB, 5497558138880000"
  })
  void isANumberAndAUnitAndPrintsAsItIsRead(String text, long bytes) {
    Size size = new Size.Converter().convert(text);
    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "GB", "-1GB", "1.5GB", "10 GB", "10gb", "1234567GB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> new Size.Converter().convert(text))
        .withMessage(
            "must be a number and one of KB, MB, GB and TB, such as 10GB, but is '%s'", text);
  }
}
