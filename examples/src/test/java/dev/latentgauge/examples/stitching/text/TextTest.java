package dev.latentgauge.examples.stitching.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TextTest {

  @Test
  void aSmokeRunEndsWithATableAFigureAndAReport(@TempDir Path folder) {
    int exit =
        new CommandLine(new Text())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(
                "--scale",
                "smoke",
                "--output",
                folder.toString(),
                "--cache",
                folder.resolve("embeddings").toString());

    assertThat(exit).isZero();
    assertThat(folder.resolve("text.svg")).content().startsWith("<?xml");
    assertThat(folder.resolve("text.md"))
        .content()
        .contains("| relative, centred |", "two frozen sentence encoders", "numbers mean nothing");
    // Two seeds; F1 twice for three heads of 2 x 2, and for two translations in 2 directions; a
    // cosine an encoder and two agreements a direction for each of three.
    assertThat(folder.resolve("text.csv"))
        .content()
        .hasLineCount(1 + 2 * (3 * 4 * 2 + 2 * 2 * 2 + 3 * 2 + 3 * 2 * 2));
  }
}
