package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Calibration.Point;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A calibration in a reference and in its file. */
class CalibratedReferenceTest {

  private static final Calibration CALIBRATION =
      Calibration.fit(
          IntStream.range(0, 20)
              .mapToObj(i -> new Point(i / 20.0 + 1e-17, Math.min(1, (i + i % 3) / 21.0)))
              .toList(),
          .9);

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private Path plain = Path.of("");

  @BeforeEach
  void makeAReferenceThatHasEverything() throws IOException {
    manager.getEngine().setRandomSeed(1);
    plain = folder.resolve("plain.safetensors");
    NDArray anchors = random(10);
    NDArray probes = random(30);
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    arrays.put("anchors", anchors);
    arrays.put("probes", probes);
    arrays.put("floor.anchors", random(10));
    arrays.put("floor.probes", random(30));
    arrays.put("ceiling.anchors", anchors.add(random(10).mul(.1)));
    arrays.put("ceiling.probes", probes.add(random(30).mul(.1)));
    arrays.put("anchors.0", random(10));
    arrays.put("probes.0", random(30));
    arrays.put("predictions", manager.arange(0, 30, 1, DataType.INT64));
    Path file = folder.resolve("embeddings.safetensors");
    TensorFileWriter.write(file, new TreeMap<>(Map.of("model", "good", "layer", "enc")), arrays);
    try (EmbeddingFile embeddings = EmbeddingFile.open(file);
        Reference reference = Reference.builder("r", embeddings).build()) {
      reference.save(plain);
    }
  }

  private NDArray random(int rows) {
    return manager.randomNormal(new Shape(rows, 4));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aCalibrationComesBackFromTheFileAndChangesNothingElseInIt() throws IOException {
    Path file = folder.resolve("calibrated.safetensors");
    try (Reference reference = Reference.load(plain)) {
      assertThat(reference.calibration()).isEmpty();
      Reference calibrated = reference.withCalibration(CALIBRATION);
      assertThat(calibrated.id()).isEqualTo(reference.id());
      calibrated.save(file);
    }
    try (Reference read = Reference.load(file);
        Reference bare = Reference.loadWithoutProbes(file)) {
      assertThat(read.calibration()).hasValue(CALIBRATION);
      assertThat(read.calibration().orElseThrow().predict(.4)).isEqualTo(CALIBRATION.predict(.4));
      assertThat(bare.calibration()).hasValue(CALIBRATION);
      assertThat(read.probes().map(ProbeSet::probeCount)).hasValue(30);
    }
    try (TensorFile before = TensorFile.open(plain);
        TensorFile after = TensorFile.open(file)) {
      SortedMap<String, String> metadata = new TreeMap<>(before.metadata());
      assertThat(metadata).containsKeys("floor_score", "ceiling_score", "model", "layer", "probes");
      metadata.put("calibration_coverage", "0.9");
      assertThat(after.metadata()).isEqualTo(metadata);
      SortedMap<String, NDArray> arrays = before.read(name -> true, manager);
      assertThat(arrays)
          .containsOnlyKeys("relative", "embeddings", "predictions", "anchors.0", "probes.0");
      arrays.put("calibration", after.read("calibration", manager).orElseThrow());
      assertThat(after.read(name -> true, manager)).isEqualTo(arrays);
    }
  }

  @Test
  void anotherCalibrationTakesThePlaceOfTheFirst() throws IOException {
    Calibration other = Calibration.fit(CALIBRATION.points().subList(0, 10), .8);
    try (Reference reference = Reference.load(plain)) {
      reference.withCalibration(CALIBRATION).save(plain);
    }
    try (Reference reference = Reference.load(plain)) {
      reference.withCalibration(other).save(plain);
    }
    try (Reference read = Reference.load(plain)) {
      assertThat(read.calibration()).hasValue(other);
    }
  }

  @Test
  void everyScoreIsReadWithTheAccuracyThatItMeans() throws IOException {
    Path run = folder.resolve("run.safetensors");
    EmbeddingFile.write(run, new Embeddings(random(10), random(30)), Optional.empty(), Map.of());
    try (Reference reference = Reference.load(plain);
        EmbeddingFile file = EmbeddingFile.open(run);
        RunGauge gauge = reference.withCalibration(CALIBRATION).runGauge(manager);
        RunGauge uncalibrated = reference.runGauge(manager)) {
      Reading reading = gauge.read(file);
      double score = ((Score) reading.measurement().outcome()).value();
      assertThat(reading.predictedAccuracy()).hasValue(CALIBRATION.predict(score));
      assertThat(uncalibrated.read(file).predictedAccuracy()).isEmpty();
    }
  }

  @Test
  void beforeTheStepOfACalibrationNothingIsPredicted() throws IOException {
    Path run = folder.resolve("run.safetensors");
    EmbeddingFile.write(run, new Embeddings(random(10), random(30)), Optional.empty(), Map.of());
    try (Reference reference = Reference.load(plain)) {
      reference.withCalibration(CALIBRATION.from(500)).save(plain);
    }
    try (Reference read = Reference.load(plain);
        EmbeddingFile file = EmbeddingFile.open(run);
        RunGauge gauge = read.runGauge(manager)) {
      assertThat(read.calibration()).hasValue(CALIBRATION.from(500)).isNotEqualTo(CALIBRATION);
      Reading reading = gauge.read(file);
      assertThat(reading.predictedAccuracyAt(499)).isEmpty();
      assertThat(reading.predictedAccuracyAt(500)).isEqualTo(reading.predictedAccuracy());
      assertThat(reading.predictedAccuracy()).isPresent();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CALIBRATION.from(-1))
        .withMessage("the step must be at least 0, but is -1");
  }

  @Test
  void noScoreMeansNoAccuracy() throws IOException {
    Path run = folder.resolve("run.safetensors");
    NDArray broken = random(30).mul(Float.NaN);
    EmbeddingFile.write(run, new Embeddings(random(10), broken), Optional.empty(), Map.of());
    try (Reference reference = Reference.load(plain);
        EmbeddingFile file = EmbeddingFile.open(run);
        RunGauge gauge = reference.withCalibration(CALIBRATION).runGauge(manager)) {
      assertThat(gauge.read(file).predictedAccuracy()).isEmpty();
    }
  }

  @Test
  void aCalibrationThatIsNoneIsRefusedWithTheReason() throws IOException {
    NDArray points = manager.linspace(0f, .9f, 40).toType(DataType.FLOAT64, false).reshape(20, 2);
    assertRefused(
        points.toType(DataType.FLOAT32, false),
        ".9",
        "its array calibration must be F64 of at most 10000 rows of a score and an accuracy, but is"
            + " F32(20, 2)");
    assertRefused(points.reshape(40), ".9", "but is F64(40)");
    assertRefused(points.reshape(10, 4), ".9", "but is F64(10, 4)");
    assertRefused(
        manager.zeros(new Shape(10_001, 2), DataType.FLOAT64), ".9", "but is F64(10001, 2)");
    assertRefused(
        points.get(":9"), ".9", "its calibration is invalid: a calibration of coverage 0.9 must");
    assertRefused(points, ".99", "must have at least 99 points, one a run, but has 20");
    assertRefused(points, "1", "the coverage must be at least 0.5 and below 1, but is 1.0");
    assertRefused(points, "NaN", "but is NaN");
    assertRefused(points, "often", "its calibration_coverage is not a number");
    assertRefused(points.add(1), ".9", "the accuracy must be from 0 to 1, but is ");
    assertRefused(points.mul(Double.NaN), ".9", "the score must be from -3 to 1, but is NaN");
    assertRefused(points.mul(Double.NEGATIVE_INFINITY), ".9", "must be from -3 to 1, but is ");
  }

  private void assertRefused(NDArray points, String coverage, String reason) throws IOException {
    assertRefused(Optional.of(points), Optional.of(coverage), reason);
  }

  @Test
  void pointsAndCoverageComeTogether() throws IOException {
    assertRefused(
        Optional.empty(), Optional.of(".9"), "its calibration has a coverage, but no points");
    assertRefused(
        Optional.of(manager.zeros(new Shape(10, 2), DataType.FLOAT64)),
        Optional.empty(),
        "its metadata has no calibration_coverage");
  }

  private void assertRefused(Optional<NDArray> points, Optional<String> coverage, String reason)
      throws IOException {
    Path damaged = folder.resolve("damaged.safetensors");
    try (TensorFile file = TensorFile.open(plain)) {
      SortedMap<String, String> metadata = new TreeMap<>(file.metadata());
      SortedMap<String, NDArray> arrays = file.read(name -> true, manager);
      coverage.ifPresent(text -> metadata.put("calibration_coverage", text));
      points.ifPresent(array -> arrays.put("calibration", array));
      TensorFileWriter.write(damaged, metadata, arrays);
    }
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> Reference.load(damaged))
        .withMessageStartingWith(damaged + " is not a valid reference: ")
        .withMessageContaining(reason);
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> Reference.loadWithoutProbes(damaged));
  }
}
