package dev.latentgauge.examples.stitching.latents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LatentsTest {

  @Test
  void aSmokeRunWritesAReportATableAndTwoPictures(@TempDir Path folder) throws IOException {
    int exit =
        new CommandLine(new Latents())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute("--scale", "smoke", "--output", folder.toString());

    assertThat(exit).isZero();
    assertThat(folder.resolve("latents.md"))
        .content()
        .contains(
            "# The latent spaces of one autoencoder",
            "![",
            "(latents.svg)",
            "(latents-32.svg)",
            "| squared difference, % | 2 dimensions | 32 dimensions |",
            "A smoke run")
        .doesNotContain("NaN");
    List<String> table = Files.readAllLines(folder.resolve("latents.csv"));
    // Of 2 seeds one number each; of 2 ordered pairs 3 numbers for each of 3 representations, a
    // score for 2 of them, and 2 residuals after maps; all of it for 2 sizes.
    assertThat(table).hasSize(1 + 2 * (2 + 2 * (9 + 2 + 2)));
    assertThat(table)
        .filteredOn(line -> line.contains("32 dimensions,2,32 dimensions,1,score"))
        .hasSize(2);
    for (String picture : List.of("latents.svg", "latents-32.svg")) {
      assertThat(folder.resolve(picture))
          .content()
          .contains("<title>One autoencoder, trained 2 times</title>", "Ankle boot", "Seed 2")
          .doesNotContain("NaN");
    }
  }
}
