package dev.latentgauge.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How large something may be.
 *
 * @param bytes a number of bytes
 */
record Size(long bytes) {

  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,6})(KB|MB|GB|TB)");

  /** Reads such as {@code 500MB}. */
  static final class Converter implements ITypeConverter<Size> {
    @Override
    public Size convert(String text) {
      Matcher parts = SYNTAX.matcher(text);
      if (!parts.matches()) {
        throw new TypeConversionException(
            "must be a number and one of KB, MB, GB and TB, such as 10GB, but is '" + text + "'");
      }
      long number = Long.parseLong(parts.group(1));
      return new Size(number << shift(parts.group(2)));
    }

    private static int shift(String unit) {
      return switch (unit) {
        case "KB" -> 10;
        case "MB" -> 20;
        case "GB" -> 30;
        default -> 40;
      };
    }
  }

  /** As it is read, in the largest unit that it is a multiple of. */
  @Override
  public String toString() {
    int shift = Math.min(40, Long.numberOfTrailingZeros(bytes) / 10 * 10);
    return (bytes >> shift) + new String[] {"", "KB", "MB", "GB", "TB"}[shift / 10];
  }
}
