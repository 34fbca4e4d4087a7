package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import dev.latentgauge.agent.Stopped.Best;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BestWeightsTest {

  private final Trainings trainings = new Trainings();
  private final BestWeights best = new BestWeights();
  private Model model = Model.newInstance("network");

  @BeforeEach
  void makeModel() {
    Engine.getInstance().setRandomSeed(3);
    model.setBlock(Trainings.network());
  }

  @AfterEach
  void close() {
    best.close();
    model.close();
    trainings.close();
  }

  @Test
  void weightsThatAreKeptAgainAndAgainTakeNoMoreMemoryForIt() throws Exception {
    try (Model large = Model.newInstance("large")) {
      large.setBlock(Linear.builder().setUnits(1000).build());
      try (Trainer trainer =
          large.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()))) {
        trainer.initialize(new Shape(1, 1000));
        best.keep(trainer, new Best("score", 0, 0));
        long before = NativeMemory.bytes();
        for (int step = 1; step <= 200; step++) {
          best.keep(trainer, new Best("score", 0, step));
        }
        // 4 MB each: 800 MB, if none were given back.
        assertThat(NativeMemory.bytes() - before).isLessThan(200_000_000L);
        assertThat(best.best()).hasValue(new Best("score", 0, 200));
      }
    }
  }

  /** Answers the weights that were kept. */
  private List<String> keepAndTrainOn(Trainer trainer) throws Exception {
    trainer.initialize(new Shape(1, 10));
    best.keep(trainer, new Best("score", 0, 1));
    List<String> kept = Trainings.weights(model);
    EasyTrain.fit(trainer, 1, trainings.dataset(), null);
    return kept;
  }

  @Test
  void theWeightsThatAreKeptAreThoseOfBeforeUntilOthersAre() throws Exception {
    try (Trainer trainer = model.newTrainer(Trainings.config())) {
      List<String> kept = keepAndTrainOn(trainer);
      boolean[] fails = new boolean[1];
      try (Model other = Model.newInstance("other")) {
        other.setBlock(
            new LambdaBlock(arrays -> arrays) {
              @Override
              public ParameterList getParameters() {
                if (fails[0]) {
                  throw new IllegalStateException("on purpose");
                }
                return super.getParameters();
              }
            });
        try (Trainer broken = other.newTrainer(Trainings.config())) {
          fails[0] = true;
          assertThatThrownBy(() -> best.keep(broken, new Best("score", 1, 2)))
              .hasMessage("on purpose");
          fails[0] = false;
        }
      }
      assertThat(best.best()).hasValue(new Best("score", 0, 1));
      best.restore();
      assertThat(Trainings.weights(model)).isEqualTo(kept);
    }
  }

  @Test
  void weightsThatCannotAllBePutBackStayAsTheyAre() throws Exception {
    try (Trainer trainer = model.newTrainer(Trainings.config())) {
      List<String> kept = keepAndTrainOn(trainer);
      List<String> trained = Trainings.weights(model);
      assertThat(trained.get(0)).isNotEqualTo(kept.get(0));
      ParameterList parameters = model.getBlock().getParameters();
      Parameter last = parameters.valueAt(parameters.size() - 1);
      last.close();
      try (NDManager manager = NDManager.newBaseManager()) {
        last.setShape(null);
        last.setArray(manager.zeros(new Shape(77)));
        List<String> unlike = Trainings.weights(model);
        assertThatThrownBy(best::restore).isInstanceOf(RuntimeException.class);
        assertThat(Trainings.weights(model))
            .isEqualTo(unlike)
            .contains(trained.get(0))
            .doesNotContain(kept.get(0));
      }
    }
  }
}
