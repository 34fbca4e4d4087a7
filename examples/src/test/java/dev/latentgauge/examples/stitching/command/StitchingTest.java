package dev.latentgauge.examples.stitching.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StitchingTest {

  /**
   * @param lines of the table below its header: for two seeds, of heads behind encoders
   */
  @ParameterizedTest
  @CsvSource({
    // Two kinds, each with three representations of 2 x 2 and two translations of 2 x 1.
    "reconstruction, # Reconstruction, 32",
    // Six networks: three representations of 6 x 6 and two translations of 6 x 5.
    "images, # Classification across seeds and architectures, 168",
    // Six networks at two steps, each with both of five others.
    "monitor, # Does the monitor predict stitchability?, 120",
    // Two weights, each with 2 x 2 accuracies, and three numbers for each of two networks.
    "guidance, # The score as an objective, 20"
  })
  void aSmokeRunWritesReportTableAndPicture(
      String experiment, String heading, int lines, @TempDir Path folder) throws IOException {
    assertThat(Stitching.execute(experiment, "--scale", "smoke", "--output", folder.toString()))
        .isZero();

    assertThat(folder.resolve(experiment + ".md"))
        .content()
        .startsWith(heading)
        .contains("(" + experiment + ".svg)", "A smoke run: its numbers mean nothing")
        .doesNotContain("NaN", "Infinity");
    assertThat(Files.readAllLines(folder.resolve(experiment + ".csv"))).hasSize(1 + lines);
    assertThat(folder.resolve(experiment + ".svg")).content().contains("<title>");
  }

  @Test
  void saysWhatIsWrongInASentence(@TempDir Path folder) {
    PrintStream before = System.err;
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      assertThat(Stitching.execute("images", "--seeds", "1", "--output", folder.toString()))
          .isEqualTo(1);
      assertThat(Stitching.execute("images", "--data", folder.toString())).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .contains("stitching: --seeds must be at least 2, but is 1")
        .contains("stitching: Fashion-MNIST needs train-images-idx3-ubyte.gz")
        .doesNotContain("\tat ");
  }
}
