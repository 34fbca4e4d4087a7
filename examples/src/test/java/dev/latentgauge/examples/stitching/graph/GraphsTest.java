package dev.latentgauge.examples.stitching.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.examples.study.task.MadeUpPapers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GraphsTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void aSmokeRunStitchesEveryEncoderWithEveryHead() throws IOException {
    Graphs command = new Graphs();
    new CommandLine(command).parseArgs("--scale", "SMOKE", "--output", folder.toString());
    command.write(MadeUpPapers.cora());

    List<String> lines = Files.readAllLines(folder.resolve("graph.csv"));
    // Six networks on each representation: 36 pairs, of which three numbers, and the epoch of each
    // network; two translations of the absolute ones.
    assertThat(lines).hasSize(1 + 3 * (36 * 3 + 6) + 2 * 36 * 3);
    assertThat(lines)
        .filteredOn(line -> line.contains(",accuracy,"))
        .allSatisfy(
            line ->
                assertThat(Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
                    .isBetween(0.0, 1.0));
    assertThat(folder.resolve("graph.md"))
        .content()
        .contains("| translated by least squares |", "| GIN, GCN2 |", "A smoke run")
        .doesNotContain("NaN");
    assertThat(folder.resolve("graph.svg")).content().startsWith("<?xml").contains("own head");
  }
}
