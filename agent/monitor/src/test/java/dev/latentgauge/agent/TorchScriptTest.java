package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.translate.TranslateException;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules from Python in trainings of DJL; {@code torchscript_modules.py} says which there are. */
class TorchScriptTest {

  private static final Path FOLDER = Path.of("src/test/resources/torchscript");
  private static final Layer WHOLE_MODEL =
      Layer.computed(
          "model", (block, parameters, inputs) -> block.forward(parameters, inputs, false).head());

  private final Trainings trainings = new Trainings();
  private final ProbeSet probes = trainings.probes();
  private final RecordingReporter reports = new RecordingReporter();

  @AfterEach
  void close() {
    probes.close();
    trainings.close();
  }

  /** Where the module is in the network that is trained. */
  enum Place {
    ALONE("") {
      @Override
      Block network(Block module) {
        return module;
      }
    },
    BEFORE_A_HEAD("PtSymbolBlock") {
      @Override
      Block network(Block module) {
        return new SequentialBlock().add(module).add(head());
      }
    },
    INSIDE_THE_ENCODER("01SequentialBlock") {
      @Override
      Block network(Block module) {
        Block input = Linear.builder().setUnits(10).build();
        return new SequentialBlock()
            .add(new SequentialBlock().add(input).add(module).add(head()))
            .add(head());
      }
    },
    AFTER_THE_LAYER("01Linear") {
      @Override
      Block network(Block module) {
        return new SequentialBlock().add(Linear.builder().setUnits(10).build()).add(module);
      }
    },
    IN_A_BRANCH("01ParallelBlock") {
      @Override
      Block network(Block module) {
        return new SequentialBlock()
            .add(new ParallelBlock(outputs -> outputs.get(0), List.of(module)))
            .add(head());
      }
    };

    private final String path;

    Place(String path) {
      this.path = path;
    }

    abstract Block network(Block module);

    Layer layer() {
      return path.isEmpty() ? WHOLE_MODEL : Layer.named(path);
    }

    private static Block head() {
      return Linear.builder().setUnits(3).build();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "training, ALONE",
    "training, BEFORE_A_HEAD",
    "training, INSIDE_THE_ENCODER",
    "evaluating, ALONE",
    "evaluating, BEFORE_A_HEAD",
    "frozen-norm, ALONE",
    "frozen-norm, AFTER_THE_LAYER",
    "traced, ALONE",
    "traced, BEFORE_A_HEAD",
    "traced-in-training, ALONE",
    "traced-in-training, BEFORE_A_HEAD"
  })
  void aMonitoredTrainingEndsWithTheSameWeightsBuffersAndModesBitForBit(String file, Place place) {
    byte[] without = train(file, place, 2);
    try (Reference reference = reference(file, place)) {
      byte[] with = train(file, place, 2, monitor(reference, place.layer()));

      assertThat(with).isEqualTo(without);
    }
    assertThat(reports.observations).hasSize(2 * Trainings.BATCHES_PER_EPOCH + 1);
    assertThat(reports.observations)
        .allSatisfy(seen -> assertThat(seen.outcome()).isInstanceOf(Score.class));
    assertThat(reports.observations)
        .extracting(Observation::agent)
        .containsOnly(Observation.AgentState.CLEAN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"training", "evaluating", "frozen-norm"})
  void aScriptedModuleIsMeasuredInEvaluationModeHoweverItWasSaved(String file) {
    // The traced module has the same first weights, and the evaluation mode built in.
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> expected = embeddings("traced", manager);
      List<NDArray> actual = embeddings(file, manager);
      assertThat(actual.get(0).allClose(expected.get(0))).isTrue();
      assertThat(actual.get(1).allClose(expected.get(1))).isTrue();
    }
  }

  @Test
  void aScriptedModuleTrainsWithItsDropoutOnOnceDjlHasEvaluatedIt() {
    assertThat(train("training", Place.BEFORE_A_HEAD, 1))
        .isNotEqualTo(train("training", Place.ALONE, 1));
    assertThat(firstWeights("training", Place.BEFORE_A_HEAD))
        .isNotEqualTo(firstWeights("traced", Place.BEFORE_A_HEAD));
    assertThat(firstWeights("training", Place.ALONE))
        .isEqualTo(firstWeights("traced", Place.ALONE));
  }

  @Test
  void theWeightsOfAModuleAreTrainedAndItsScoreFollows() {
    try (Reference reference = reference("traced", Place.BEFORE_A_HEAD)) {
      train("traced", Place.BEFORE_A_HEAD, 3, monitor(reference, Place.BEFORE_A_HEAD.layer()));
    }
    Score first = (Score) reports.observations.get(0).outcome();
    Score last = (Score) reports.observations.get(reports.observations.size() - 1).outcome();
    assertThat(last.value()).isGreaterThan(first.value() + 4 * last.standardError());
  }

  @Test
  void aModuleThatCannotBeReplacedByACopyIsLeftAloneAndTheReportSaysWhy() {
    byte[] without = train("training", Place.IN_A_BRANCH, 1);
    byte[] with;
    try (Reference reference = reference("training", Place.BEFORE_A_HEAD)) {
      with = train("training", Place.IN_A_BRANCH, 1, monitor(reference, Place.IN_A_BRANCH.layer()));
    }

    assertThat(with).isEqualTo(without);
    assertThat(((Undefined) reports.observations.get(0).outcome()).reason())
        .contains("inside sequential blocks and nothing else")
        .contains("is inside a ParallelBlock");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void theBestWeightsOfAModelWithAModuleCannotBePromised(Place place) {
    EarlyStopping restoring = EarlyStopping.builder().restoreBest(true).build();
    try (Reference reference = reference("traced", Place.ALONE)) {
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .run(RunInfo.named("test"))
              .reportTo(reports)
              .stopWhen(restoring)
              .build();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> train("traced", place, 1, monitor))
          .withMessageContaining("PtSymbolBlock, a TorchScript module, whose moving statistics");
    }
  }

  private List<NDArray> embeddings(String file, NDManager target) {
    NDList kept = new NDList();
    inModel(
        file,
        Place.ALONE,
        model -> {
          byte[] before = saved(model.getBlock());
          try (Embedder embedder = new Embedder(probes, WHOLE_MODEL, target)) {
            Embeddings embeddings = embedder.embed(model.getBlock(), target);
            kept.add(embeddings.anchors());
            kept.add(embeddings.probes());
          }
          assertThat(saved(model.getBlock())).isEqualTo(before);
        });
    return kept;
  }

  /** A reference by the same module, trained for longer. */
  private Reference reference(String file, Place place) {
    Reference[] reference = new Reference[1];
    train(
        file,
        place,
        5,
        model -> {
          reference[0] = Reference.of("good", model, place.layer(), probes);
          assertThat(reference[0].provenance().modelHash()).isPresent();
        });
    return reference[0];
  }

  private TrainingMonitor monitor(Reference reference, Layer layer) {
    return TrainingMonitor.builder(reference)
        .layer(layer)
        .cadence(Cadence.everyBatches(1))
        .run(RunInfo.named("test"))
        .reportTo(reports)
        .build();
  }

  private byte[] train(String file, Place place, int epochs, TrainingListener... listeners) {
    return train(file, place, epochs, model -> {}, listeners);
  }

  /**
   * Trains a network with a module in it.
   *
   * @return weights and buffers afterwards, of modules also the modes, as DJL saves them
   */
  private byte[] train(
      String file,
      Place place,
      int epochs,
      Consumer<Model> trained,
      TrainingListener... listeners) {
    byte[][] saved = new byte[1][];
    inModel(
        file,
        place,
        model -> {
          try (Trainer trainer = model.newTrainer(Trainings.config(listeners))) {
            trainer.initialize(new Shape(1, 10));
            EasyTrain.fit(trainer, epochs, trainings.dataset(), null);
          } catch (IOException | TranslateException e) {
            throw new IllegalStateException(e);
          }
          saved[0] = saved(model.getBlock());
          trained.accept(model);
        });
    return saved[0];
  }

  private byte[] firstWeights(String file, Place place) {
    byte[][] weights = new byte[1][];
    train(
        file,
        place,
        1,
        model -> weights[0] = model.getBlock().getParameters().valueAt(0).getArray().toByteArray());
    return weights[0];
  }

  private static void inModel(String file, Place place, Consumer<Model> use) {
    Engine.getInstance().setRandomSeed(7);
    try (Model loaded = Model.newInstance(file);
        Model model = Model.newInstance("network")) {
      loaded.load(FOLDER, file, Map.of("trainParam", "true"));
      model.setBlock(place.network(loaded.getBlock()));
      use.accept(model);
    } catch (IOException | MalformedModelException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] saved(Block block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      block.saveParameters(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }
}
