package dev.latentgauge.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.relative.FreedMemory;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelativeSimilarityLossTest {

  private static final int ANCHORS = 20;
  private static final int PROBES = 30;

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(3);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void isOneLessTheScore() throws IOException {
    NDArray good = manager.randomNormal(new Shape(ANCHORS + PROBES, 6));
    NDArray run = good.add(manager.randomNormal(good.getShape()));
    try (Reference reference = reference(good, Profile.defaultProfile());
        Gauge gauge = reference.gauge(manager)) {
      Score score = (Score) gauge.measure(anchors(run), probes(run)).outcome();
      RelativeSimilarityLoss loss = new RelativeSimilarityLoss(reference, manager);
      assertThat(loss.evaluate(new NDList(), new NDList(run)).toFloatArray()[0])
          .isEqualTo((float) (1 - score.value()), within(1e-5f));
      assertThat(loss.evaluate(new NDList(), new NDList(good)).toFloatArray()[0])
          .isEqualTo(0, within(1e-5f));
    }
  }

  @Test
  void descentAlongItLeadsToTheReferenceUpToARotation() throws IOException {
    NDArray good = manager.randomNormal(new Shape(ANCHORS + PROBES, 4));
    NDArray run = manager.randomNormal(new Shape(ANCHORS + PROBES, 6));
    run.get("3").muli(0);
    try (Reference reference = reference(good, Profile.defaultProfile())) {
      RelativeSimilarityLoss loss = new RelativeSimilarityLoss(reference, manager);
      float first = 0;
      float last = 0;
      for (int i = 0; i < 300; i++) {
        run.setRequiresGradient(true);
        try (var collector = manager.getEngine().newGradientCollector()) {
          NDArray value = loss.evaluate(new NDList(), new NDList(run));
          last = value.toFloatArray()[0];
          first = i == 0 ? last : first;
          collector.backward(value);
        }
        run = run.stopGradient().sub(run.getGradient().mul(5));
      }
      assertThat(first).isGreaterThan(0.7f);
      assertThat(last).isLessThan(0.2f);
    }
  }

  @Test
  void theWeightOutlivesTheForwardPass() throws IOException {
    NDArray good = manager.randomNormal(new Shape(ANCHORS + PROBES, 6));
    NDArray run = good.add(manager.randomNormal(good.getShape()));
    try (Reference reference = reference(good, Profile.defaultProfile())) {
      float[] once = gradient(new RelativeSimilarityLoss(reference, manager), run);
      float[] fourfold = gradient(new RelativeSimilarityLoss(reference, manager, 4), run);
      for (int i = 0; i < once.length; i++) {
        assertThat(fourfold[i]).isEqualTo(4 * once[i], within(1e-6f));
      }
    }
  }

  private float[] gradient(RelativeSimilarityLoss loss, NDArray run) {
    NDArray variable = run.duplicate();
    variable.setRequiresGradient(true);
    try (var collector = manager.getEngine().newGradientCollector()) {
      NDArray value = loss.evaluate(new NDList(), new NDList(variable));
      FreedMemory.overwrite(manager);
      collector.backward(value);
    }
    return variable.getGradient().toFloatArray();
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    NDArray good = manager.randomNormal(new Shape(ANCHORS + PROBES, 6));
    try (Reference reference = reference(good, Profile.defaultProfile())) {
      RelativeSimilarityLoss loss = new RelativeSimilarityLoss(reference, manager);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.evaluate(new NDList(), new NDList(probes(good))))
          .withMessage(
              "the loss needs a matrix with the embeddings of 20 anchors and then of 30 probes, but"
                  + " was given (30, 6)");
    }
    try (Reference reference = reference(good, new Profile.Neighbours(3))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new RelativeSimilarityLoss(reference, manager))
          .withMessage(
              "a loss needs a reference with a differentiable profile, but that of "
                  + reference.id()
                  + " is neighbours:3");
    }
    try (Reference reference = reference(good, Profile.defaultProfile())) {
      for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new RelativeSimilarityLoss(reference, manager, weight))
            .withMessage("the weight of a loss must be above 0 and finite, but is " + weight);
      }
    }
  }

  private Reference reference(NDArray embeddings, Profile profile) throws IOException {
    Path path = folder.resolve("good");
    EmbeddingFile.write(
        path, new Embeddings(anchors(embeddings), probes(embeddings)), Optional.empty(), Map.of());
    try (EmbeddingFile file = EmbeddingFile.open(path)) {
      return Reference.builder("good", file).profile(profile).build();
    }
  }

  private static NDArray anchors(NDArray embeddings) {
    return embeddings.get(new NDIndex().addSliceDim(0, ANCHORS));
  }

  private static NDArray probes(NDArray embeddings) {
    return embeddings.get(new NDIndex().addSliceDim(ANCHORS, ANCHORS + PROBES));
  }
}
