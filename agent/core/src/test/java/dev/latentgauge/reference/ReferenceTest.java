package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
  private final ProbeSet probes = probes();

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

  private ProbeSet probes() {
    NDArray inputs = manager.randomNormal(new Shape(50, 4));
    return ProbeSet.of(new NDList(inputs.get(":20")), new NDList(inputs.get("20:")));
  }
}
