package dev.latentgauge.examples.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Traces the encoders with Python, and trains them on a few real images. */
class TorchScriptTrainingTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void traceEncoders() throws IOException, InterruptedException {
    python("--width", "16", folder.resolve("traced").toString());
    python("--width", "16", "--script", folder.resolve("scripted").toString());
  }

  private static void python(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of("/usr/bin/python3", "pytorch/trace_encoder.py"), Arrays.stream(arguments))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor())
        .as("trace_encoder.py needs /usr/bin/python3 and Debian's package python3-torch")
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"traced", "scripted"})
  void theScoreOfATrainedModuleRises(String kind) {
    List<Row> rows = train(kind, "--steps", "60", "--reference-steps", "120");

    assertThat(rows).extracting(Row::step).startsWith(0, 6, 12).endsWith(60).hasSize(11);
    assertThat(rows.get(10).score()).isGreaterThan(rows.get(0).score() + 0.05);
  }

  @Test
  void theScoreOfAFrozenModuleStaysWhatItIs() {
    List<Row> rows = train("traced", "--steps", "20", "--reference-steps", "30", "--frozen");

    assertThat(rows).extracting(Row::score).containsOnly(rows.get(0).score());
  }

  /** One line of the table. */
  private record Row(int step, double score) {}

  private static List<Row> train(String kind, String... options) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    List<String> arguments =
        Stream.concat(
                Stream.of("--encoders", folder.resolve(kind).toString()), Arrays.stream(options))
            .toList();
    int code =
        new CommandLine(
                new TorchScriptTraining(new PrintStream(output, true, StandardCharsets.UTF_8)))
            .execute(arguments.toArray(String[]::new));
    String printed = output.toString(StandardCharsets.UTF_8);
    assertThat(code).as(printed).isZero();
    assertThat(printed).contains("accuracy 0.");
    return printed
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(words -> words.length == 3 && words[0].matches("[0-9]+"))
        .map(words -> new Row(Integer.parseInt(words[0]), Double.parseDouble(words[1])))
        .toList();
  }
}
