package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.RelativeRepresentation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reference whose anchors and probes are nodes of a graph. */
class GraphReferenceTest {

  private static final int NODES = 60;
  private static final Layer LAYER = Layer.named("02Linear");

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final Model model = Model.newInstance("gcn");
  private final NDArray features = manager.randomNormal(new Shape(NODES, 8));
  private final NDArray edges = manager.randomUniform(0, 1, new Shape(NODES, NODES)).lt(0.1);

  @AfterEach
  void close() {
    model.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneFileIsEnough(boolean sparse) throws IOException {
    Path file = folder.resolve("gcn.safetensors");
    String fingerprint;
    try (ProbeSet graph = ProbeSet.sampleRows(graph(sparse), NODES, 16, 30, 1);
        Reference written = Reference.of("gcn", network(), LAYER, graph)) {
      written.save(file);
      fingerprint = graph.fingerprint();
    }
    try (Reference read = Reference.load(file);
        Embedder embedder = new Embedder(read.probes().orElseThrow(), LAYER, manager)) {
      assertThat(read.probes().orElseThrow().fingerprint()).isEqualTo(fingerprint);
      Embeddings embeddings = embedder.embed(model.getBlock(), manager);
      NDArray again = RelativeRepresentation.of(embeddings.anchors(), embeddings.probes());
      assertThat(again.allClose(read.relative())).isTrue();
    }
  }

  @Test
  void sparseAndDenseEdgesGiveTheSameReference() {
    Model network = network();
    try (ProbeSet dense = ProbeSet.sampleRows(graph(false), NODES, 16, 30, 1);
        ProbeSet sparse = ProbeSet.sampleRows(graph(true), NODES, 16, 30, 1);
        Reference fromDense = Reference.of("gcn", network, LAYER, dense);
        Reference fromSparse = Reference.of("gcn", network, LAYER, sparse)) {
      assertThat(fromSparse.relative().allClose(fromDense.relative())).isTrue();
    }
  }

  private NDList graph(boolean sparse) {
    NDArray matrix = edges.toType(DataType.FLOAT32, true);
    return new NDList(features, sparse ? matrix.toSparse(SparseFormat.COO) : matrix);
  }

  /** One step along the edges, then a linear map. */
  private Model network() {
    model.setBlock(
        new SequentialBlock()
            .add(in -> new NDList(in.get(1).matMul(in.get(0))))
            .add(Linear.builder().setUnits(5).build()));
    model
        .getBlock()
        .initialize(
            model.getNDManager(), DataType.FLOAT32, new Shape(NODES, 8), new Shape(NODES, NODES));
    return model;
  }
}
