package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import dev.latentgauge.stopping.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a monitor must not do to a training. */
class NoHarmTest {

  private static final Layer INNER = Layer.named("01SequentialBlock.05Linear");
  private static final Layer HEAD = Layer.named("03Linear");

  private final Trainings trainings = new Trainings();
  private final ProbeSet probes = trainings.probes();
  private final ProbeSet others = trainings.probes();
  private final Reference reference = trainings.reference(probes);
  private final Reference another = trainings.reference(others);
  private final RecordingReporter reports = new RecordingReporter();

  @AfterEach
  void close() {
    reference.close();
    another.close();
    probes.close();
    others.close();
    trainings.close();
  }

  /** All that a training leaves behind. */
  private record Trace(List<String> weights, Map<String, Float> evaluations, List<Float> random) {}

  private Trace trace(TrainingListener... listeners) throws Exception {
    Engine.getInstance().setRandomSeed(3);
    try (Model model = Model.newInstance("network")) {
      model.setBlock(Trainings.network());
      Map<String, Float> evaluations = new TreeMap<>();
      try (Trainer trainer = model.newTrainer(Trainings.config(listeners))) {
        trainer.initialize(new Shape(1, 10));
        EasyTrain.fit(trainer, 3, trainings.dataset(), trainings.dataset());
        trainer.getTrainingResult().getEvaluations().forEach(evaluations::put);
      }
      List<String> weights = Trainings.weights(model);
      try (NDManager manager = NDManager.newBaseManager();
          NDArray next = manager.randomNormal(new Shape(5))) {
        List<Float> random = new ArrayList<>();
        for (float number : next.toFloatArray()) {
          random.add(number);
        }
        return new Trace(weights, evaluations, random);
      }
    }
  }

  private MonitorBuilder everything() {
    return TrainingMonitor.builder(reference)
        .reference(another)
        .layer(Trainings.LAYER)
        .layer(INNER)
        .layer(HEAD)
        .cadence(Cadence.everyBatches(1))
        .run(RunInfo.named("test"))
        .reportTo(reports);
  }

  @Test
  void weightsBuffersEvaluatorsAndRandomNumbersAreThoseOfATrainingWithoutIt() throws Exception {
    Trace without = trace();
    TrainingMonitor monitor =
        everything()
            .sketches(true)
            .stopWhen(EarlyStopping.builder().patience(1000).build())
            .build();
    assertThat(trace(monitor)).isEqualTo(without);
    assertSketched(probes);
    assertSketched(others);
    assertThat(reports.observations).hasSize(6 * (3 * Trainings.BATCHES_PER_EPOCH + 1));
    assertThat(reports.observations)
        .allMatch(observation -> observation.outcome() instanceof Score);
    assertThat(without.evaluations()).containsKeys("validate_Accuracy", "train_loss");
    assertThat(trace()).isEqualTo(without);
  }

  @Test
  void aMonitorThatSketchesWithoutAReferenceChangesNothingEither() throws Exception {
    Trace without = trace();
    TrainingMonitor monitor =
        TrainingMonitor.builder(probes)
            .layer(Trainings.LAYER)
            .layer(INNER)
            .layer(HEAD)
            .cadence(Cadence.everyBatches(1))
            .run(RunInfo.named("test"))
            .reportTo(reports)
            .build();
    assertThat(trace(monitor)).isEqualTo(without);
    assertSketched(probes);
    assertThat(reports.observations).isEmpty();
  }

  /** Of each layer at least the last. */
  private void assertSketched(ProbeSet set) {
    for (Layer layer : List.of(Trainings.LAYER, INNER, HEAD)) {
      assertThat(reports.sketches)
          .filteredOn(sketch -> sketch.layer().equals(layer.name()))
          .filteredOn(sketch -> sketch.probes().equals(set.fingerprint()))
          .last()
          .satisfies(
              last -> {
                assertThat(last.step()).isEqualTo(3L * Trainings.BATCHES_PER_EPOCH);
                assertThat(last.sketch().probes()).isEqualTo(set.probeCount());
                assertThat(last.sketch().anchors()).isEqualTo(set.anchorCount());
              });
    }
  }

  @Test
  void keepingTheBestWeightsChangesNothingUntilTheyArePutBack() throws Exception {
    Trace without = trace();
    // The last check is the best, as the value that is watched falls from step to step.
    TrainingMonitor monitor =
        everything()
            .stopWhen(
                EarlyStopping.builder()
                    .watch("train_loss")
                    .mode(Mode.MIN)
                    .restoreBest(true)
                    .build())
            .build();
    assertThat(trace(monitor)).isEqualTo(without);
    assertThat(monitor.state().epoch()).isEqualTo(3);
  }

  @Test
  void whateverFailsInsideIsCountedAndTheTrainingIsTheSame() throws Exception {
    Trace without = trace();
    AtomicInteger calls = new AtomicInteger();
    Layer failing =
        Layer.computed(
            "failing",
            (block, parameters, inputs) -> {
              if (calls.incrementAndGet() % 2 == 0) {
                throw new OutOfMemoryError("on purpose");
              }
              return inputs.head();
            });
    Layer infinite =
        Layer.computed(
            "infinite", (block, parameters, inputs) -> inputs.head().mul(Float.POSITIVE_INFINITY));
    TrainingMonitor monitor = everything().layer(failing).layer(infinite).build();
    assertThat(trace(monitor)).isEqualTo(without);
    List<Observation> ofInfinite =
        reports.observations.stream().filter(o -> o.key().layer().equals("infinite")).toList();
    assertThat(ofInfinite)
        .isNotEmpty()
        .extracting(Observation::outcome)
        .contains(new Undefined(Undefined.NON_FINITE))
        .allMatch(outcome -> outcome instanceof Undefined);
    Observation last = reports.observations.get(reports.observations.size() - 1);
    assertThat(last.agent().failures()).isPositive();
  }

  @Test
  void aLayerThatIsNotThereCostsTheOthersNothingAndIsGivenUp() throws Exception {
    Trace without = trace();
    TrainingMonitor monitor = everything().layer(Layer.named("05Linear")).switchOffAfter(2).build();
    String log =
        LoggedLines.during(
            () -> {
              try {
                assertThat(trace(monitor)).isEqualTo(without);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    List<Observation> unknown =
        reports.observations.stream().filter(o -> o.key().layer().equals("05Linear")).toList();
    // Two references, and two tries each.
    assertThat(unknown).hasSize(4);
    assertThat(((Undefined) unknown.get(0).outcome()).reason())
        .contains(
            "the model has no layer \"05Linear\"", "did you mean ", "01SequentialBlock.05Linear");
    assertThat(((Undefined) unknown.get(3).outcome()).reason())
        .contains("it is not tried again, after 2");
    assertThat(log).containsOnlyOnce("java.lang.IllegalArgumentException: the model has no layer");
    assertThat(reports.observations.stream().filter(o -> o.outcome() instanceof Score))
        .hasSize(6 * (3 * Trainings.BATCHES_PER_EPOCH + 1));
  }

  @Test
  void trainersThatTakeTurnsInOneProcessDoNotMix() throws Exception {
    List<String> alone = interleaved(false).get(0);
    RecordingReporter first = reports;
    List<List<String>> together = interleaved(true);
    assertThat(together.get(0)).isEqualTo(alone);
    assertThat(first.steps()).containsExactly(0L, 4L, 8L, 12L);
    assertThat(first.begun).extracting(RunInfo::name).containsExactly("one");
  }

  /** Trains two models, a batch each in turns, both with a monitor or none. */
  private List<List<String>> interleaved(boolean monitored) throws Exception {
    RecordingReporter second = new RecordingReporter();
    TrainingListener[] one =
        monitored ? new TrainingListener[] {monitor("one", reports)} : new TrainingListener[0];
    TrainingListener[] two =
        monitored ? new TrainingListener[] {monitor("two", second)} : new TrainingListener[0];
    Engine.getInstance().setRandomSeed(3);
    try (Model a = Model.newInstance("a");
        Model b = Model.newInstance("b")) {
      a.setBlock(Trainings.network());
      b.setBlock(Trainings.network());
      try (Trainer trainerA = a.newTrainer(Trainings.config(one));
          Trainer trainerB = b.newTrainer(Trainings.config(two))) {
        trainerA.initialize(new Shape(1, 10));
        trainerB.initialize(new Shape(1, 10));
        for (Batch batch : trainerA.iterateDataset(trainings.dataset())) {
          EasyTrain.trainBatch(trainerA, batch);
          trainerA.step();
          EasyTrain.trainBatch(trainerB, batch);
          trainerB.step();
          batch.close();
        }
      }
      if (monitored) {
        assertThat(second.begun).extracting(RunInfo::name).containsExactly("two");
        assertThat(second.steps()).isEqualTo(reports.steps());
        assertThat(second.observations.get(3).outcome())
            .isNotEqualTo(reports.observations.get(3).outcome());
      }
      return List.of(Trainings.weights(a), Trainings.weights(b));
    }
  }

  private TrainingMonitor monitor(String name, RecordingReporter reporter) {
    return TrainingMonitor.builder(reference)
        .cadence(Cadence.everyBatches(4))
        .run(RunInfo.named(name))
        .reportTo(reporter)
        .build();
  }

  @Test
  void tenThousandObservationsLeaveNoArrayAndNoNativeMemoryBehind() throws Exception {
    TrainingMonitor monitor =
        TrainingMonitor.builder(reference)
            .layer(Trainings.LAYER)
            .layer(INNER)
            .cadence(Cadence.everyBatches(1))
            .run(RunInfo.named("test"))
            .reportTo((run, observations) -> {})
            .build();
    Engine.getInstance().setRandomSeed(3);
    try (Model model = Model.newInstance("network")) {
      model.setBlock(Trainings.network());
      try (Trainer trainer = model.newTrainer(Trainings.config(monitor))) {
        trainer.initialize(new Shape(1, 10));
        TrainingListener.BatchData none =
            new TrainingListener.BatchData(null, new HashMap<>(), new HashMap<>());
        for (int i = 0; i < 2000; i++) {
          monitor.onTrainingBatch(trainer, none);
        }
        int arrays = arrays(model.getNDManager());
        long memory = NativeMemory.settledBytes();
        for (int i = 0; i < 10_000; i++) {
          monitor.onTrainingBatch(trainer, none);
        }
        assertThat(arrays(model.getNDManager())).isEqualTo(arrays);
        // 500 bytes an observation, and ten times what else it was seen to grow by; an array of a
        // measurement takes 6 KB here.
        assertThat(NativeMemory.settledBytes() - memory).isLessThan(5_000_000);
      }
    }
  }

  /** Arrays of a manager and of those below it. */
  private static int arrays(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  @Test
  void halfPrecisionIsMeasuredAgainstAReferenceOfSinglePrecision() throws Exception {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("half")) {
      model.setDataType(DataType.FLOAT16);
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(32).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(3).build()));
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .layer(Layer.named("01Linear"))
              .cadence(Cadence.everyBatches(1))
              .run(RunInfo.named("half"))
              .reportTo(reports)
              .build();
      ArrayDataset dataset =
          new ArrayDataset.Builder()
              .setData(manager.randomNormal(new Shape(64, 10)).toType(DataType.FLOAT16, false))
              .optLabels(manager.zeros(new Shape(64), DataType.INT64))
              .setSampling(16, false)
              .build();
      try (Trainer trainer = model.newTrainer(half(monitor))) {
        trainer.initialize(new Shape(1, 10));
        EasyTrain.fit(trainer, 1, dataset, null);
      }
    }
    assertThat(reports.steps()).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(reports.observations)
        .allMatch(observation -> observation.outcome() instanceof Score);
  }

  /** The small number that Adam divides by is zero in half precision. */
  private static DefaultTrainingConfig half(TrainingListener monitor) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).build())
        .addTrainingListeners(TrainingListener.Defaults.basic())
        .addTrainingListeners(monitor);
  }

  @Test
  void anotherProcessThanTheFirstOfADistributedTrainingDoesNothing() throws Exception {
    Trace without = trace();
    assertThat(trace(everything().rank(1).build())).isEqualTo(without);
    assertThat(reports.begun).isEmpty();
    assertThat(reports.observations).isEmpty();
    assertThat(reports.ended).isEmpty();
  }

  @Test
  void theRankIsThatOfALauncherWithMoreThanOneProcess() {
    assertThat(Rank.of(Map.of())).isZero();
    assertThat(Rank.of(Map.of("RANK", "3", "WORLD_SIZE", "4"))).isEqualTo(3);
    assertThat(Rank.of(Map.of("RANK", "3", "WORLD_SIZE", "1"))).isZero();
    assertThat(Rank.of(Map.of("RANK", "3"))).isZero();
    assertThat(Rank.of(Map.of("RANK", "first", "WORLD_SIZE", "4"))).isZero();
    assertThat(Rank.of(Map.of("SLURM_PROCID", "2", "SLURM_NTASKS", "8"))).isEqualTo(2);
    assertThat(Rank.of(Map.of("OMPI_COMM_WORLD_RANK", "1", "OMPI_COMM_WORLD_SIZE", "2")))
        .isEqualTo(1);
  }
}
