package dev.latentgauge.examples.unmodified;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Trains on a few real images and questions. */
class UnmodifiedTest {

  private static final Pattern LAST_LINE =
      Pattern.compile("[a-z-]+: (?:validation|test) accuracy ([0-9.]+), loss [0-9.]+.*");

  @TempDir private Path folder;

  @Test
  void imagesAreLearntFromTheSameWithTheSameSeed() {
    String[] few = {"--limit", "1280", "--epochs", "1"};
    String last = lastLine(ImageMlp::new, few);

    assertThat(accuracy(last)).isGreaterThan(0.5);
    assertThat(lastLine(ImageMlp::new, few)).isEqualTo(last);
    assertThat(lastLine(ImageMlp::new, "--limit", "1280", "--epochs", "1", "--seed", "2"))
        .isNotEqualTo(last);
  }

  @Test
  void theModelIsSavedIfAskedFor() {
    lastLine(ImageMlp::new, "--limit", "64", "--epochs", "1", "--save", folder.toString());

    assertThat(folder.resolve("image-mlp-0001.params")).isNotEmptyFile();
  }

  @Test
  void questionsAreToldApartAfterTwoShortEpochs() {
    String last = lastLine(QuestionTransformer::new, "--limit", "1600", "--epochs", "2");

    // The most frequent kind of the test questions has 138 of 500.
    assertThat(accuracy(last)).isGreaterThan(0.4);
  }

  @Test
  void noTrainingStartsWithImpossibleOptions() {
    assertThat(code(ImageMlp::new, "--limit", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(code(ImageMlp::new, "--limit", "50001")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(code(QuestionTransformer::new, "--epochs", "0"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(code(QuestionTransformer::new, "--learning-rate", "NaN"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private static int code(Function<PrintStream, Callable<Integer>> program, String... options) {
    return new CommandLine(program.apply(System.out)).execute(options);
  }

  private static String lastLine(
      Function<PrintStream, Callable<Integer>> program, String... options) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    int code = new CommandLine(program.apply(out)).execute(options);
    String printed = output.toString(StandardCharsets.UTF_8);
    assertThat(code).as(printed).isZero();
    return printed.lines().reduce((first, second) -> second).orElse("");
  }

  private static double accuracy(String line) {
    Matcher matcher = LAST_LINE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
