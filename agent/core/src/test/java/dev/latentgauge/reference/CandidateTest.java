package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CandidateTest {

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    Engine.getInstance().setRandomSeed(7);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aFileOfOtherProbesIsRefusedByItsHeader() throws IOException {
    Path good = write("good", random(12), random(40));
    NDArray million = manager.zeros(new Shape(1 << 20, 1)); // whose cosines would take 4 TB
    Path huge = write("huge", million, million);

    try (ReferenceSource reference = ReferenceSource.open(good, Optional.empty());
        RunGauge gauge = reference.reference().runGauge(manager);
        Candidate candidate = Candidate.open(huge)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> candidate.read(gauge))
          .withMessage(
              huge
                  + " does not fit: the reference is of 40 probes and 12 anchors, so the run must"
                  + " be too, but is of 1048576 probes and 1048576 anchors");
    }
  }

  @Test
  void isDescribedOnceForAllReferences() throws IOException {
    Path good = write("good", random(12), random(40));

    try (ReferenceSource reference = ReferenceSource.open(good, Optional.empty());
        RunGauge gauge = reference.reference().runGauge(manager);
        Candidate candidate = Candidate.open(good)) {
      Description description = candidate.description();

      assertThat(candidate.read(gauge).measurement().outcome()).isInstanceOf(Score.class);
      assertThat(candidate.description()).isSameAs(description);
    }
  }

  private NDArray random(int rows) {
    return manager.randomNormal(new Shape(rows, 6));
  }

  private Path write(String name, NDArray anchors, NDArray probes) throws IOException {
    Path path = folder.resolve(name + ".safetensors");
    EmbeddingFile.write(path, new Embeddings(anchors, probes), Optional.empty(), Map.of());
    return path;
  }
}
