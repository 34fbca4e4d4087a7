package dev.latentgauge.examples.study.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariationsTest {

  private static final int ANCHOR_POOL = 128;
  private static final int PROBES = 128;
  private static final View VIEW =
      new View("made-up", "Made up", "encoder", 32, ANCHOR_POOL, PROBES, run -> true, false);

  private final NDManager manager = NDManager.newBaseManager();

  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void everyDrawOfAnchorsIsAnother() throws IOException {
    Map<String, Double> values = variations("other", 2);

    for (String selection : List.of("uniform:", "k-means:", "farthest-point:")) {
      assertThat(
              values.keySet().stream().filter(name -> name.startsWith(selection)).map(values::get))
          .hasSize(selection.equals("uniform:") ? 10 : 3)
          .doesNotHaveDuplicates();
    }
    assertThat(values).containsKeys("anchors:16", "anchors:128", "probes:64", "probes:128");
    // The same anchors and probes as the view's own.
    assertThat(values.get("anchors:32")).isEqualTo(values.get("probes:128"));
  }

  @Test
  void whateverIsVariedTheReferenceAgreesWithItself() throws IOException {
    variations("same", 1)
        .forEach(
            (name, value) ->
                assertThat(value)
                    .as(name)
                    .satisfies(
                        score -> {
                          if (name.equals("reference:another")) {
                            assertThat(score).isLessThan(0.5);
                          } else {
                            assertThat(score).isEqualTo(1, within(1e-5));
                          }
                        }));
  }

  private Map<String, Double> variations(String name, int seed) throws IOException {
    try (Recording reference = recording("reference", 1);
        Recording another = recording("another", 3);
        Recording run = recording(name, seed);
        Variations variations =
            new Variations(VIEW, ANCHOR_POOL, reference, Map.of("another", another))) {
      Map<String, Double> values = variations.measure(run, 0);
      assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(variations.names());
      return values;
    }
  }

  private Recording recording(String name, int seed) throws IOException {
    NDArray none = manager.create(0f);
    return MadeUpRecording.of(folder.resolve(name + ".npz"), ANCHOR_POOL + PROBES, none, seed);
  }
}
