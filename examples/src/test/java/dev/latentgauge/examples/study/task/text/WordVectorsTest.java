package dev.latentgauge.examples.study.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.XavierInitializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WordVectorsTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theMeanLeavesPaddingOut() {
    Block mean = initialized(WordVectors.mean(4, 2), 4);
    NDArray table = mean.getParameters().get(0).getValue().getArray();
    table.set(new float[] {9, 9, 1, 2, 3, 4, 5, 7});
    NDArray means =
        forward(mean, new long[][] {{1, 2, 0, 0}, {3, 3, 3, 1}, {2, 0, 0, 0}, {0, 0, 0, 0}});
    assertThat(means.getShape()).isEqualTo(new Shape(4, 2));
    assertThat(means.toFloatArray())
        .containsExactly(new float[] {2, 3, 4, 5.75f, 3, 4, 0, 0}, within(1e-6f));
  }

  @Test
  void windowsHaveTheirMaximaWhereverTheyAre() {
    Engine.getInstance().setRandomSeed(7);
    Block windows = initialized(WordVectors.windows(9, 4, 5), 12);
    NDArray features =
        forward(
            windows,
            new long[][] {
              {0, 0, 0, 2, 3, 4, 5, 0, 0, 0, 0, 0},
              {0, 0, 0, 0, 0, 0, 2, 3, 4, 5, 0, 0},
              {0, 0, 0, 5, 4, 3, 2, 0, 0, 0, 0, 0}
            });
    assertThat(features.getShape()).isEqualTo(new Shape(3, 15));
    float[] here = features.get(0).toFloatArray();
    assertThat(features.get(1).toFloatArray()).containsExactly(here, within(1e-5f));
    assertThat(features.get(2).toFloatArray()).isNotEqualTo(here);
  }

  private Block initialized(Block block, int length) {
    block.setInitializer(new XavierInitializer(), Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, length));
    return block;
  }

  private NDArray forward(Block block, long[][] numbers) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(manager.create(numbers)), false)
        .singletonOrThrow();
  }
}
