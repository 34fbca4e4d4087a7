package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingsBenchmarkIT {

  @Test
  void scoresEmbeddingsOfEachSize() throws IOException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    List<MeasurementSize> sizes =
        List.of(new MeasurementSize(64, 16, 8), new MeasurementSize(32, 8, 40));
    Result result = EmbeddingsBenchmark.run(sizes, 0.01, nowhere);
    assertThat(result.tables()).hasSize(1);
    assertThat(result.tables().get(0).rows())
        .hasSize(2)
        .allMatch(row -> row.subList(1, 8).stream().allMatch(cell -> cell.number() > 0));
    assertThat(result.goals()).hasSize(1);
  }

  @Test
  void theLimitMultipliesWhatItReceives() throws IOException {
    ByteBuffer file =
        ByteBuffer.allocateDirect(3 + 5 * 2 * Float.BYTES).order(ByteOrder.nativeOrder());
    file.put(new byte[3]);
    for (float number : new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
      file.putFloat(number);
    }
    try (CopyAndProduct limit = CopyAndProduct.start(new MeasurementSize(3, 2, 2), file.flip())) {
      assertThat(limit.send()).isEqualTo(3 * 9 + 4 * 10, within(1e-6f));
      file.putFloat(3 + 9 * Float.BYTES, 11);
      assertThat(limit.send()).isEqualTo(3 * 9 + 4 * 11, within(1e-6f));
    }
  }
}
