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
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingFileTest {

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void comesBackAsItWasWritten() throws IOException {
    Path path = folder.resolve("e.safetensors");
    NDArray anchors = manager.randomNormal(new Shape(4, 3));
    NDArray probes = manager.randomNormal(new Shape(6, 3)).toType(DataType.FLOAT64, false);
    EmbeddingFile.write(
        path,
        new Embeddings(anchors, probes),
        Optional.of(new long[] {1, 2, 3, 4, 5, 6}),
        Map.of("layer", "encoder"));
    try (EmbeddingFile file = EmbeddingFile.open(path)) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.metadata()).containsExactly(Map.entry("layer", "encoder"));
      assertThat(file.anchors(manager)).isEqualTo(anchors);
      assertThat(file.probes().count()).isEqualTo(6);
      assertThat(file.probes().dimensions()).isEqualTo(3);
      assertThat(file.probes().read(new Rows.Range(2, 5), manager)).isEqualTo(probes.get("2:5"));
      assertThat(file.predictions(manager).orElseThrow().toLongArray())
          .containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void predictionsMayBeMissingOrOfAnyIntegerType() throws IOException {
    NDArray six = manager.ones(new Shape(6, 3));
    try (EmbeddingFile file = open("anchors", six, "probes", six)) {
      assertThat(file.predictions(manager)).isEmpty();
    }
    NDArray bytes = manager.ones(new Shape(6), DataType.UINT8);
    try (EmbeddingFile file = open("anchors", six, "probes", six, "predictions", bytes)) {
      assertThat(file.predictions(manager).orElseThrow().getDataType()).isEqualTo(DataType.INT64);
    }
  }

  @Test
  void theEndsOfAScaleMayBeInTheSameFile() throws IOException {
    NDArray six = manager.randomNormal(new Shape(6, 3));
    NDArray wide = manager.randomNormal(new Shape(6, 5));
    try (EmbeddingFile file =
        open("anchors", six, "probes", six, "floor.anchors", wide, "floor.probes", wide)) {
      EmbeddingFile floor = file.floor().orElseThrow();
      assertThat(floor.anchors(manager)).isEqualTo(wide);
      assertThat(floor.probes().dimensions()).isEqualTo(5);
      assertThat(floor.model()).isEqualTo("floor");
      assertThat(floor.floor()).isEmpty();
      assertThat(file.ceiling()).isEmpty();
      assertThat(file.model()).isEqualTo("x");
    }
    assertRefused(
        "it must have an array \"ceiling.anchors\"; it has \"anchors, ceiling.probes, probes\"",
        "anchors",
        six,
        "probes",
        six,
        "ceiling.probes",
        six);
  }

  @Test
  void theInputsMayBeInTheSameFileAndMustBeThoseOfTheEmbeddings() throws IOException {
    NDArray six = manager.randomNormal(new Shape(6, 3));
    NDArray images = manager.arange(48).reshape(6, 8);
    try (EmbeddingFile file =
            open(
                "anchors",
                six,
                "probes",
                six,
                "anchors.0",
                images,
                "probes.0",
                images.neg().sub(1));
        ProbeSet inputs = file.inputs().orElseThrow()) {
      assertThat(inputs.anchors().head()).isEqualTo(images);
    }
    try (EmbeddingFile file =
        open(
            "anchors",
            six,
            "probes",
            six,
            "anchors.0",
            images.get("1:"),
            "probes.0",
            images.neg())) {
      assertThatIllegalArgumentException()
          .isThrownBy(file::inputs)
          .withMessage(
              file.path()
                  + " has the embeddings of 6 probes and 6 anchors, but the inputs of 6 and 5");
    }
    try (EmbeddingFile file = open("anchors", six, "probes", six)) {
      assertThat(file.inputs()).isEmpty();
    }
  }

  @Test
  void whatIsMissingOrDoesNotFitIsSaid() {
    NDArray six = manager.ones(new Shape(6, 3));
    assertRefused(
        "it must have an array \"anchors\"; it has \"embedding, probes\"",
        "probes",
        six,
        "embedding",
        six);
    assertRefused(
        "its anchors must be floating-point numbers with a row for each input, but are F32(6)",
        "anchors",
        six.get(":, 0"),
        "probes",
        six);
    assertRefused(
        "its probes must be floating-point numbers with a row for each input, but are I64(6, 3)",
        "anchors",
        six,
        "probes",
        six.toType(DataType.INT64, true));
    assertRefused(
        "its probes must be floating-point numbers with a row for each input, but are F32(0, 3)",
        "anchors",
        six,
        "probes",
        manager.create(new Shape(0, 3)));
    assertRefused(
        "its anchors and probes must come from one model, but anchors have 3 dimensions and probes"
            + " 2",
        "anchors",
        six,
        "probes",
        six.get(":, :2"));
    assertRefused(
        "its predictions must be an integer for each of the 6 probes, but are I64(5)",
        "anchors",
        six,
        "probes",
        six,
        "predictions",
        manager.ones(new Shape(5), DataType.INT64));
    assertRefused(
        "its predictions must be an integer for each of the 6 probes, but are F32(6)",
        "anchors",
        six,
        "probes",
        six,
        "predictions",
        manager.ones(new Shape(6)));
  }

  @Test
  void aFileThatIsNotThereIsNotInvalid() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> EmbeddingFile.open(folder.resolve("nowhere")));
  }

  private void assertRefused(String reason, Object... arrays) {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> open(arrays).close())
        .withMessage(folder.resolve("x") + " is not a file of embeddings: " + reason);
  }

  private EmbeddingFile open(Object... namesAndArrays) throws IOException {
    SortedMap<String, NDArray> arrays = new TreeMap<>();
    for (int i = 0; i < namesAndArrays.length; i += 2) {
      arrays.put((String) namesAndArrays[i], (NDArray) namesAndArrays[i + 1]);
    }
    Path path = folder.resolve("x");
    TensorFileWriter.write(path, new TreeMap<>(), arrays);
    return EmbeddingFile.open(path);
  }
}
