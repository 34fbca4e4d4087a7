package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluationsTest {

  private static final int EPOCHS = 3;
  private static final String[] NAMES = {
    "train_loss", "train_Accuracy", "validate_loss", "validate_Accuracy"
  };

  private final Trainings trainings = new Trainings();

  @AfterEach
  void close() {
    trainings.close();
  }

  @Test
  void anEpochThatEndsHasTheSameValuesWhereverTheMonitorIs() throws Exception {
    List<Map<String, Float>> before = new ArrayList<>();
    List<Map<String, Float>> after = new ArrayList<>();
    List<Map<String, Float>> outside = new ArrayList<>();
    List<Map<String, Float>> computed = new ArrayList<>();
    TrainingListener elsewhere = new TrainingListenerAdapter() {};

    fit(
        new AtEpoch((trainer, itself) -> before.add(ending(trainer, itself))),
        new AtEpoch(
            (trainer, itself) -> {
              after.add(ending(trainer, itself));
              outside.add(ending(trainer, elsewhere));
              computed.add(Map.copyOf(trainer.getTrainingResult().getEvaluations()));
            }));

    assertThat(computed).hasSize(EPOCHS).doesNotHaveDuplicates();
    assertThat(computed).allSatisfy(values -> assertThat(values).containsKeys(NAMES));
    assertThat(before).isEqualTo(computed);
    assertThat(after).isEqualTo(computed);
    assertThat(outside).isEqualTo(computed);
  }

  private static Map<String, Float> ending(Trainer trainer, TrainingListener monitor) {
    Evaluations evaluations = Evaluations.of(trainer, monitor);
    assertThat(evaluations.names()).contains(NAMES);
    return evaluations.ofEndingEpoch();
  }

  private void fit(TrainingListener before, TrainingListener after) throws Exception {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(before)
            .addTrainingListeners(TrainingListener.Defaults.basic())
            .addTrainingListeners(after);
    try (Model model = Model.newInstance("network")) {
      model.setBlock(Trainings.network());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 10));
        EasyTrain.fit(trainer, EPOCHS, trainings.dataset(), trainings.dataset());
      }
    }
  }

  /** Does something when an epoch ends. */
  private static final class AtEpoch extends TrainingListenerAdapter {

    private final BiConsumer<Trainer, TrainingListener> action;

    AtEpoch(BiConsumer<Trainer, TrainingListener> action) {
      this.action = action;
    }

    @Override
    public void onEpoch(Trainer trainer) {
      action.accept(trainer, this);
    }
  }
}
