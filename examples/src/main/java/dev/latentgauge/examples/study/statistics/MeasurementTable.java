package dev.latentgauge.examples.study.statistics;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The file of a case: comma-separated, a line an observation, those of a run together and in the
 * order of their steps.
 *
 * <p>The columns are {@code run}, {@code settings} (as {@code name=value;name=value}), {@code
 * step}, {@code epoch}, {@code accuracy}, {@code accuracyA}, {@code accuracyB}, then the measures.
 * Numbers have five significant digits; where a measure is undefined there is nothing. There are no
 * quotes, as no name may have a comma. The file is in UTF-8 and each line ends, so that one that
 * was cut short is noticed.
 */
public final class MeasurementTable {

  /**
   * The largest file that is read, in bytes: more than twice that of 640 runs with 50 observations
   * of 45 measures.
   */
  public static final int LARGEST = 32 << 20;

  static final List<String> FIXED_COLUMNS =
      List.of("run", "settings", "step", "epoch", "accuracy", "accuracyA", "accuracyB");

  private static final String ENDING = ".csv";
  private static final MathContext FIVE_DIGITS = new MathContext(5);

  private MeasurementTable() {}

  /**
   * Reads a case.
   *
   * @param file the table; its name less {@code .csv} becomes that of the case
   * @return the case, whose numbers have been rounded
   * @throws TableException if the file is no such table
   * @throws IOException if it cannot be read
   */
  public static Case read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    return new TableReader(file, text(file))
        .read(name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name);
  }

  private static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    }
    if (bytes.length > LARGEST) {
      throw new IOException(
          "%s must have at most %,d bytes, but has more".formatted(file, LARGEST));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(file + " must be in UTF-8, but is not", e);
    }
  }

  /**
   * Writes a case, atomically: the file is whole, or what was there before is untouched.
   *
   * @param given the case
   * @param file replaced if it exists; its folder must exist
   * @throws IOException if it cannot be written
   */
  public static void write(Case given, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(given));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String text(Case given) {
    StringBuilder text = new StringBuilder(String.join(",", FIXED_COLUMNS));
    given.measures().forEach(measure -> text.append(',').append(measure));
    text.append('\n');
    given.runs().forEach(run -> append(run, text));
    return text.toString();
  }

  private static void append(RunCurve run, StringBuilder text) {
    String settings =
        run.settings().entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(";"));
    long[] steps = run.steps();
    List<double[]> accuracies =
        List.of(run.epochs(), run.accuracies(), run.accuraciesA(), run.accuraciesB());
    List<double[]> values = run.measures().stream().map(run::values).toList();
    for (int i = 0; i < steps.length; i++) {
      text.append(run.name()).append(',').append(settings).append(',').append(steps[i]);
      appendRow(accuracies, i, text);
      appendRow(values, i, text);
      text.append('\n');
    }
  }

  private static void appendRow(List<double[]> columns, int row, StringBuilder text) {
    for (double[] column : columns) {
      text.append(',').append(number(column[row]));
    }
  }

  /** Five significant digits; nothing where it is undefined. */
  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(FIVE_DIGITS).stripTrailingZeros();
    // As plain digits where that is not longer than with an exponent.
    return rounded.scale() < 0 && rounded.scale() > -7
        ? rounded.toPlainString()
        : rounded.toString();
  }
}
