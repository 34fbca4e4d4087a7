package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {

  private static final Instant CREATED = Instant.parse("2026-05-06T07:08:09Z");
  private static final Layer LAYER = Layer.named("01Linear");

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final Model model = Model.newInstance("good");
  private final ProbeSet probes = probes(0);

  @BeforeEach
  void initialize() {
    model.setBlock(new SequentialBlock().add(Linear.builder().setUnits(5).build()));
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 4));
  }

  @AfterEach
  void close() {
    probes.close();
    model.close();
    manager.close();
  }

  @Test
  void describesTheProbesWithTheModel() {
    try (Reference reference = reference()) {
      NDArray weight = model.getBlock().getParameters().valueAt(0).getArray();
      NDArray bias = model.getBlock().getParameters().valueAt(1).getArray();
      NDArray anchors = probes.anchors().head().matMul(weight.transpose()).add(bias);
      NDArray inputs = probes.probes().head().matMul(weight.transpose()).add(bias);
      assertThat(reference.relative().allClose(RelativeRepresentation.of(anchors, inputs)))
          .isTrue();
      assertThat(reference.id()).matches("good@[0-9a-f]{12}");
      assertThat(reference.provenance().layer()).hasValue("01Linear");
      assertThat(reference.provenance().createdAt()).isEqualTo(CREATED);
    }
  }

  @Test
  void theModelItselfScoresOne() {
    try (Reference reference = reference();
        Gauge gauge = reference.gauge(manager)) {
      Score score = (Score) gauge.measure(reference.relative()).outcome();
      assertThat(score.value()).isEqualTo(1, within(1e-5));
    }
  }

  @Test
  void comesBackFromAFileAsItWas() throws IOException {
    Path file = folder.resolve("good.safetensors");
    try (Reference written = reference()) {
      written.save(file);
      try (Reference read = Reference.load(file)) {
        assertThat(read.id()).isEqualTo(written.id());
        assertThat(read.provenance()).isEqualTo(written.provenance());
        assertThat(read.profile()).isEqualTo(written.profile());
        assertThat(read.probes().orElseThrow().fingerprint()).isEqualTo(probes.fingerprint());
        assertThat(read.relative()).isEqualTo(written.relative());
      }
      written.save(file);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFileThatCannotBeWrittenLeavesWhatWasThere() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("a-directory"));
    Files.createFile(directory.resolve("with-content"));
    try (Reference reference = reference()) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> reference.save(directory));
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(directory);
    }
  }

  @Test
  void aModelThatTellsNothingApartIsRefused() {
    NDArray weight = model.getBlock().getParameters().valueAt(0).getArray();
    weight.muli(0);
    NDArray bias = model.getBlock().getParameters().valueAt(1).getArray();
    bias.addi(1);
    assertThatIllegalArgumentException()
        .isThrownBy(this::reference)
        .withMessageContaining("hardly tells the probes apart");
  }

  @Test
  void aFileOfSomethingElseIsRefusedWithTheReason() throws IOException {
    Path file = folder.resolve("other.safetensors");
    Files.writeString(file, "nothing");
    assertRefused(file, "is not a valid safetensors file: it has 7 bytes");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0, 0, 0, 0});
    assertRefused(file, "its header must have from 2 to 4 bytes, but claims 9223372036854775807");
    Files.write(file, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    assertRefused(file, "is not a valid reference: its format must be latentgauge-reference/1");
  }

  @Test
  void aScoreLiesBetweenAnUntrainedModelAndASecondGoodOne() throws IOException {
    Path file = folder.resolve("good.safetensors");
    try (Model untrained = modelLike(100);
        Model second = modelLike(0.1);
        Reference reference =
            Reference.builder("good", model, LAYER, probes)
                .floor(untrained, LAYER)
                .ceiling(second, LAYER)
                .build();
        Gauge gauge = reference.gauge(manager);
        NDManager scratch = manager.newSubManager()) {
      NDArray relative = Description.of(untrained, LAYER, probes, scratch).relative();
      Score score = (Score) gauge.measure(relative).outcome();
      FixedPoint floor = reference.floor().orElseThrow();
      FixedPoint ceiling = reference.ceiling().orElseThrow();
      assertThat(floor)
          .isEqualTo(
              new FixedPoint(
                  "like it", score.value(), score.standardError(), gauge.anchorError(relative)));
      assertThat(reference.gaugedScore(floor.score())).hasValue(0);
      assertThat(reference.gaugedScore(ceiling.score())).hasValue(1);
      assertThat(reference.gaugedScore((floor.score() + ceiling.score()) / 2))
          .hasValueCloseTo(0.5, within(1e-9));
      try (RunGauge runGauge = reference.runGauge(scratch)) {
        Reading reading = runGauge.read(Description.of(untrained, LAYER, probes, scratch));
        assertThat(reading.scoreFloor()).hasValue(floor.score());
        assertThat(reading.scoreCeiling()).hasValue(ceiling.score());
        assertThat(reading.gaugedScore()).hasValueCloseTo(0.0, within(1e-6));
      }
      reference.save(file);
      try (Reference read = Reference.load(file)) {
        assertThat(read.floor()).hasValue(floor);
        assertThat(read.ceiling()).hasValue(ceiling);
        assertThat(read.id()).isEqualTo(reference.id());
      }
    }
  }

  @Test
  void withoutFloorAndCeilingNothingLiesBetween() {
    try (Model untrained = modelLike(100);
        Reference reference =
            Reference.builder("good", model, LAYER, probes).floor(untrained, LAYER).build()) {
      assertThat(reference.gaugedScore(0.5)).isEmpty();
    }
  }

  @Test
  void aReadingHasTheEndThatTheReferenceKnowsAlsoWhereTheScoreIsUndefined() throws IOException {
    NDArray bad = manager.ones(new Shape(50, 5)).mul(Float.NaN);
    Path file = folder.resolve("bad");
    EmbeddingFile.write(
        file, new Embeddings(bad.get(":20"), bad.get("20:")), Optional.empty(), Map.of());
    try (Model other = modelLike(1);
        Reference withFloor =
            Reference.builder("good", model, LAYER, probes).floor(other, LAYER).build();
        Reference withCeiling =
            Reference.builder("good", model, LAYER, probes).ceiling(other, LAYER).build();
        EmbeddingFile run = EmbeddingFile.open(file)) {
      OptionalDouble score = OptionalDouble.of(withFloor.floor().orElseThrow().score());
      for (Reading reading : List.of(read(withFloor, run), Reading.undefined(withFloor, "none"))) {
        assertThat(reading.measurement().outcome()).isInstanceOf(Undefined.class);
        assertThat(reading.scoreFloor()).isEqualTo(score);
        assertThat(reading.scoreCeiling()).isEmpty();
        assertThat(reading.gaugedScore()).isEmpty();
      }
      for (Reading reading :
          List.of(read(withCeiling, run), Reading.undefined(withCeiling, "none"))) {
        assertThat(reading.measurement().outcome()).isInstanceOf(Undefined.class);
        assertThat(reading.scoreFloor()).isEmpty();
        assertThat(reading.scoreCeiling()).isEqualTo(score);
      }
    }
  }

  private Reading read(Reference reference, EmbeddingFile run) throws IOException {
    try (RunGauge gauge = reference.runGauge(manager)) {
      return gauge.read(run);
    }
  }

  @Test
  void aFloorThatIsNoLowerThanTheCeilingIsRefused() {
    try (Model untrained = modelLike(100);
        Model second = modelLike(0.1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  Reference.builder("good", model, LAYER, probes)
                      .floor(second, LAYER)
                      .ceiling(untrained, LAYER)
                      .build())
          .withMessageStartingWith(
              "the ceiling must score higher than the floor by more than 2.0 standard errors, but");
    }
  }

  @Test
  void isMadeFromEmbeddingsAlone() throws IOException {
    Path file = folder.resolve("reference.safetensors");
    try (Reference fromModel = reference();
        EmbeddingFile embeddings = embeddings(new long[30]);
        Reference made =
            Reference.builder("good", embeddings).modelName("ours").layerName("encoder").build()) {
      assertThat(made.id()).isEqualTo(fromModel.id());
      assertThat(made.probes()).isEmpty();
      assertThat(made.probesFingerprint()).hasValue(probes.fingerprint());
      assertThat(made.provenance().model()).isEqualTo("ours");
      assertThat(made.provenance().layer()).hasValue("encoder");
      made.save(file);
    }
    try (Reference read = Reference.load(file);
        EmbeddingFile embeddings = embeddings(new long[] {1});
        NDManager scratch = manager.newSubManager();
        RunGauge gauge = read.runGauge(scratch)) {
      assertThat(read.probes()).isEmpty();
      Reading reading = gauge.read(Description.of(embeddings, scratch));
      assertThat(((Score) reading.measurement().outcome()).value()).isEqualTo(1, within(1e-5));
      assertThat(reading.companions().linearCka()).hasValueCloseTo(1.0, within(1e-5));
      assertThat(reading.companions().neighbourOverlap()).hasValue(1);
      assertThat(reading.companions().predictionAgreement())
          .hasValueCloseTo(29.0 / 30, within(1e-9));
    }
  }

  @Test
  void aGaugeKeepsNothingOfTheFilesThatItMeasures() throws IOException {
    try (Reference reference = reference();
        NDManager scratch = manager.newSubManager();
        RunGauge gauge = reference.runGauge(scratch);
        EmbeddingFile embeddings = embeddings(new long[30])) {
      Reading first = gauge.read(embeddings);
      int kept = scratch.getManagedArrays().size();
      int keptByReference = reference.relative().getManager().getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        assertThat(gauge.read(embeddings)).usingRecursiveComparison().isEqualTo(first);
      }
      assertThat(scratch.getManagedArrays()).hasSize(kept);
      assertThat(reference.relative().getManager().getManagedArrays()).hasSize(keptByReference);
    }
  }

  @Test
  void isMadeFromOneFileThatHasEverything() throws IOException {
    SortedMap<String, NDArray> arrays = new TreeMap<>(probes.arrays());
    try (NDManager scratch = manager.newSubManager();
        Embedder embedder = new Embedder(probes, LAYER, scratch);
        Model close = modelLike(0.2);
        Model far = modelLike(3)) {
      put("", embedder.embed(model.getBlock(), scratch), arrays);
      put("floor.", embedder.embed(far.getBlock(), scratch), arrays);
      put("ceiling.", embedder.embed(close.getBlock(), scratch), arrays);
      TensorFileWriter.write(
          folder.resolve("everything"), new TreeMap<>(Map.of("floor.model", "no good")), arrays);
      try (EmbeddingFile file = EmbeddingFile.open(folder.resolve("everything"));
          Reference made = Reference.builder("good", file).build();
          Reference fromModels =
              Reference.builder("good", model, LAYER, probes)
                  .floor(far, LAYER)
                  .ceiling(close, LAYER)
                  .build()) {
        assertThat(made.id()).isEqualTo(fromModels.id());
        assertThat(made.probesFingerprint()).hasValue(probes.fingerprint());
        assertThat(made.probes().orElseThrow().fingerprint()).isEqualTo(probes.fingerprint());
        assertThat(made.floor().orElseThrow().score())
            .isEqualTo(fromModels.floor().orElseThrow().score());
        assertThat(made.floor().orElseThrow().model()).isEqualTo("no good");
        assertThat(made.ceiling().orElseThrow().score())
            .isEqualTo(fromModels.ceiling().orElseThrow().score());
        made.save(folder.resolve("reference"));
      }
    }
    try (Reference read = Reference.load(folder.resolve("reference"));
        Reference bare = Reference.loadWithoutProbes(folder.resolve("reference"))) {
      assertThat(read.probes().orElseThrow().fingerprint()).isEqualTo(probes.fingerprint());
      assertThat(bare.probes()).isEmpty();
      assertThat(bare.probesFingerprint()).hasValue(probes.fingerprint());
      assertThat(bare.id()).isEqualTo(read.id());
    }
  }

  private static void put(String prefix, Embeddings embeddings, Map<String, NDArray> arrays) {
    arrays.put(prefix + "anchors", embeddings.anchors());
    arrays.put(prefix + "probes", embeddings.probes());
  }

  @Test
  void inputsThatAreNotThoseOfTheEmbeddingsAreRefused() throws IOException {
    SortedMap<String, NDArray> arrays = new TreeMap<>(probes.arrays());
    arrays.put("anchors", manager.randomNormal(new Shape(20, 4)));
    arrays.put("probes", manager.randomNormal(new Shape(30, 4)));
    Path path = folder.resolve("other");
    TensorFileWriter.write(path, new TreeMap<>(Map.of("probes", "others")), arrays);
    try (EmbeddingFile file = EmbeddingFile.open(path)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Reference.builder("good", file).build())
          .withMessage(
              path
                  + " says that it is of the probe set others, but it has the inputs of "
                  + probes.fingerprint());
    }
  }

  @Test
  void aFileThatIsNotOfTheSameProbesIsRefusedBeforeItIsRead() throws IOException {
    NDArray fewer = manager.randomNormal(new Shape(10, 4));
    Path path = folder.resolve("fewer");
    EmbeddingFile.write(path, new Embeddings(fewer, fewer), Optional.empty(), Map.of());
    try (Reference reference = reference();
        RunGauge gauge = reference.runGauge(manager);
        EmbeddingFile file = EmbeddingFile.open(path)) {
      assertThatIllegalArgumentException() // and not for its probes, which are its anchors too
          .isThrownBy(() -> gauge.read(file))
          .withMessageContaining("so the run must be too, but is of 10 probes and 10 anchors");
    }
  }

  @Test
  void whatIsNotOfTheSameProbesIsRefusedAndNamed() throws IOException {
    try (Reference reference = reference();
        RunGauge gauge = reference.runGauge(manager);
        NDManager scratch = manager.newSubManager()) {
      ProbeSet others = probes(1);
      try (others) {
        Description ofOthers = Description.of(model, LAYER, others, scratch);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gauge.read(ofOthers))
            .withMessage(
                "the reference is of the probe set "
                    + probes.fingerprint()
                    + ", so the run must be too, but is of "
                    + others.fingerprint());
      }
      NDArray fewer = manager.randomNormal(new Shape(10, 4));
      EmbeddingFile.write(
          folder.resolve("fewer"), new Embeddings(fewer, fewer.neg()), Optional.empty(), Map.of());
      try (EmbeddingFile file = EmbeddingFile.open(folder.resolve("fewer"))) {
        Description small = Description.of(file, scratch);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gauge.read(small))
            .withMessage(
                "the reference is of 30 probes and 20 anchors, so the run must be too, but is of 10"
                    + " probes and 10 anchors");
      }
    }
  }

  @Test
  void anAnchorThatIsAlsoAProbeIsRefusedAndNamed() throws IOException {
    NDArray anchors = manager.randomNormal(new Shape(10, 4));
    NDArray probes = manager.randomNormal(new Shape(10, 4));
    probes.set(new NDIndex("7"), anchors.get(3));
    anchors.set(new NDIndex("4"), 0);
    probes.set(new NDIndex("5"), 0);
    Path path = folder.resolve("same");
    EmbeddingFile.write(path, new Embeddings(anchors, probes), Optional.empty(), Map.of());
    try (EmbeddingFile file = EmbeddingFile.open(path)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Description.of(file, manager))
          .withMessage(
              path
                  + " must have different inputs as anchors and probes, but probe 7 has the"
                  + " embedding of anchor 3");
    }
  }

  @Test
  void rowsWithoutNumbersAreRefusedBeforeTheyAreCounted() throws IOException {
    Path file = folder.resolve("claims.safetensors");
    String header =
        """
        {"__metadata__":{"format":"latentgauge-reference/1"},
        "anchors.0":{"dtype":"F32","shape":[2147483647,0],"data_offsets":[0,0]}}"""
            .replace("\n", "");
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    Files.write(file, bytes.array());
    assertRefused(file, "its array \"anchors.0\" must not be empty, but is F32(2147483647, 0)");
  }

  @Test
  void theProfileIsPartOfWhatAReferenceIs() {
    try (Reference soft = reference();
        Reference cosine =
            Reference.builder("good", model, LAYER, probes).profile(new Profile.Cosine()).build()) {
      assertThat(soft.id()).isNotEqualTo(cosine.id());
    }
  }

  @Test
  void embeddingsHaveNoInputsForAModel() throws IOException {
    try (EmbeddingFile embeddings = embeddings(new long[30])) {
      assertThatIllegalStateException()
          .isThrownBy(() -> Reference.builder("good", embeddings).floor(model, LAYER))
          .withMessageContaining("has no inputs to embed with a model");
    }
  }

  /** Embeddings by the model; the first predictions are those given, all others zero. */
  private EmbeddingFile embeddings(long[] predictions) throws IOException {
    Path path = folder.resolve("embeddings");
    try (NDManager scratch = manager.newSubManager();
        Embedder embedder = new Embedder(probes, LAYER, scratch)) {
      EmbeddingFile.write(
          path,
          embedder.embed(model.getBlock(), scratch),
          Optional.of(Arrays.copyOf(predictions, 30)),
          Map.of("probes", probes.fingerprint()));
    }
    return EmbeddingFile.open(path);
  }

  /** A model whose weights are those of the good one and some noise. */
  private Model modelLike(double noise) {
    Model other = Model.newInstance("like it");
    other.setBlock(new SequentialBlock().add(Linear.builder().setUnits(5).build()));
    other.getBlock().initialize(other.getNDManager(), DataType.FLOAT32, new Shape(1, 4));
    for (int i = 0; i < 2; i++) {
      NDArray weight = other.getBlock().getParameters().valueAt(i).getArray();
      NDArray good = model.getBlock().getParameters().valueAt(i).getArray();
      weight.muli(0).addi(good).addi(manager.randomNormal(weight.getShape()).mul(noise));
    }
    return other;
  }

  private static void assertRefused(Path file, String reason) {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> Reference.load(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(reason);
  }

  private Reference reference() {
    return Reference.builder("good", model, LAYER, probes)
        .clock(Clock.fixed(CREATED, ZoneOffset.UTC))
        .build();
  }

  private ProbeSet probes(int seed) {
    manager.getEngine().setRandomSeed(seed);
    NDArray inputs = manager.randomNormal(new Shape(50, 4));
    return ProbeSet.of(new NDList(inputs.get(":20")), new NDList(inputs.get("20:")));
  }
}
