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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstrumentsTest {

  private static final int ANCHORS = 32;
  private static final int PROBES = 40;
  private static final View VIEW =
      new View("made-up", "Made up", "encoder", ANCHORS, ANCHORS, PROBES, run -> true, false);

  private final NDManager manager = NDManager.newBaseManager();

  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aRunThatIsTheReferenceAgreesWithItInEveryWay() throws IOException {
    try (Recording reference = recording("reference", 1, 2);
        Recording other = recording("other", 3);
        Instruments instruments = new Instruments(VIEW, reference, other, other)) {
      instruments.begin(reference);
      Map<String, Double> values = instruments.measure(reference, 1);
      Stream.concat(
              Measure.scores().stream().map(Measure.Scored::measure),
              Stream.of(Measure.RAW_COSINE, Measure.LINEAR_CKA, Measure.AGREEMENT))
          .forEach(
              measure ->
                  assertThat(values.get(measure.name()))
                      .as(measure.name())
                      .isEqualTo(1, within(1e-5)));
      assertThat(values.get(Measure.TRAINING_LOSS.name())).isEqualTo(-0.25);
      assertThat(values.get(Measure.UNTRAINED_REFERENCE.name())).isLessThan(0.5);
      assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(instruments.names());
    }
  }

  @Test
  void theDistanceFromTheStartIsOneLessTheScoreAgainstIt() throws IOException {
    try (Recording run = recording("run", 4, 4, 5);
        Recording reference = recording("reference", 1);
        Recording start = recording("start", 4);
        Instruments instruments = new Instruments(VIEW, reference, reference, reference);
        Instruments againstStart = new Instruments(VIEW, start, start, start)) {
      instruments.begin(run);
      againstStart.begin(run);
      String distance = Measure.DISTANCE_FROM_START.name();
      assertThat(instruments.measure(run, 1).get(distance)).isEqualTo(0, within(1e-5));
      assertThat(instruments.measure(run, 2).get(distance))
          .isEqualTo(
              1 - againstStart.measure(run, 2).getOrDefault(Measure.DEFAULT.name(), Double.NaN),
              within(1e-5));
    }
  }

  @Test
  void centringMakesScoresBlindToAShiftOfTheWholeSpace() throws IOException {
    try (Recording reference = recording("reference", 1);
        Recording shifted = recording("shifted", manager.create(3f), 1);
        Instruments instruments = new Instruments(VIEW, reference, reference, reference)) {
      instruments.begin(shifted);
      Map<String, Double> values = instruments.measure(shifted, 0);
      assertThat(values.get("cosine+centred")).isEqualTo(1, within(1e-4));
      assertThat(values.get("cosine")).isLessThan(0.9);
    }
  }

  @Test
  void aBriefViewLeavesOutTheVariantsThatFiguresDoNotShow() throws IOException {
    View brief =
        new View("made-up", "Made up", "encoder", ANCHORS, ANCHORS, PROBES, run -> true, true);
    try (Recording reference = recording("reference", 1);
        Instruments instruments = new Instruments(brief, reference, reference, reference)) {
      List<String> shown =
          Measure.shown().values().stream().flatMap(List::stream).map(Measure::name).toList();
      assertThat(instruments.names()).containsExactlyInAnyOrderElementsOf(shown);
    }
  }

  private Recording recording(String name, int... seeds) throws IOException {
    return recording(name, manager.create(0f), seeds);
  }

  private Recording recording(String name, NDArray shift, int... seeds) throws IOException {
    return MadeUpRecording.of(folder.resolve(name + ".npz"), ANCHORS + PROBES, shift, seeds);
  }
}
