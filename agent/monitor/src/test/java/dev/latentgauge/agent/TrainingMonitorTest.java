package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.agent.report.LogReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import dev.latentgauge.stopping.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingMonitorTest {

  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(1);

  @TempDir private Path folder;
  private final Trainings trainings = new Trainings();
  private final ProbeSet probes = trainings.probes();
  private final Reference reference = trainings.reference(probes);
  private final RecordingReporter reports = new RecordingReporter();

  @AfterEach
  void close() {
    reference.close();
    probes.close();
    trainings.close();
  }

  @Test
  void aMonitoredTrainingEndsWithTheSameWeightsBitForBit() {
    List<String> without = trainings.train(3, 3);
    List<String> with = trainings.train(3, 3, monitor(Cadence.everyBatches(1)));

    assertThat(reports.observations).hasSize(3 * Trainings.BATCHES_PER_EPOCH + 1);
    assertThat(with).hasSameSizeAs(without).hasSizeGreaterThan(8);
    for (int i = 0; i < with.size(); i++) {
      assertThat(with.get(i)).isEqualTo(without.get(i));
    }
    assertThat(trainings.train(4, 3).get(0)).isNotEqualTo(without.get(0));
  }

  @Test
  void measuresBeforeTheFirstUpdateAfterEveryFewBatchesAndAtTheEnd() {
    trainings.train(3, 2, monitor(Cadence.everyBatches(7)));
    assertThat(reports.steps()).containsExactly(0L, 7L, 14L, 21L, 24L);
    assertThat(reports.observations)
        .extracting(Observation::epoch)
        .containsExactly(0.0, 0.0, 1.0, 1.0, 2.0);
  }

  @Test
  void measuresAfterEveryFewEpochs() {
    trainings.train(3, 5, monitor(Cadence.everyEpochs(2)));
    assertThat(reports.steps()).containsExactly(0L, 24L, 48L, 60L);
    assertThat(reports.observations)
        .extracting(Observation::epoch)
        .containsExactly(0.0, 2.0, 4.0, 5.0);
  }

  @Test
  void theScoreRisesAsTheRepresentationBecomesThatOfAGoodModel() {
    trainings.train(3, 8, monitor(Cadence.everyEpochs(1)));
    Score first = (Score) reports.observations.get(0).outcome();
    Score last = (Score) reports.observations.get(8).outcome();
    assertThat(last.value()).isGreaterThan(first.value() + 4 * last.standardError());
    assertThat(first.probes()).isEqualTo(64);
    assertThat(first.anchors()).isEqualTo(24);
  }

  @Test
  void reportsTheRunItsObservationsAndItsEnd() {
    trainings.train(3, 2, monitor(Cadence.everyEpochs(1)));

    RunInfo run = reports.begun.get(0);
    assertThat(run.name()).isEqualTo("test");
    assertThat(run.model()).hasValue("network");
    assertThat(run.startedAt()).isPresent();
    assertThat(reports.ended).containsExactly(COMPLETED);
    assertThat(reports.isClosed()).isTrue();
    Observation last = reports.observations.get(2);
    assertThat(last.key().reference()).isEqualTo(reference.id());
    assertThat(last.key().layer()).isEqualTo("01SequentialBlock");
    assertThat(last.profile()).isEqualTo("standardised");
    assertThat(last.evaluations()).containsKeys("train_loss", "train_Accuracy");
    assertThat(last.evaluations()).doesNotContainKey("validate_Accuracy");
    assertThat(last.probeSeconds()).isPresent();
    assertThat(last.overheadRatio().orElseThrow()).isBetween(0.0, 1.0);
    assertThat(last.training().stepsPerSecond().orElseThrow()).isPositive();
    assertThat(last.agent()).isEqualTo(Observation.AgentState.CLEAN);
    assertThat(last.companions().linearCka().orElseThrow()).isBetween(0.0, 1.0);
    assertThat(last.companions().effectiveRank().orElseThrow()).isBetween(1.0, 8.0);
    assertThat(last.companions().neighbourOverlap().orElseThrow()).isBetween(0.0, 1.0);
    assertThat(last.companions().predictionAgreement()).isEmpty();
    assertThat(last.scoreFloor()).isEmpty();
    assertThat(last.scoreCeiling()).isEmpty();
    assertThat(last.gaugedScore()).isEmpty();
    assertThat(last.predictedAccuracy()).isEmpty();
  }

  @Test
  void aReferenceThatIsCalibratedPredictsTheAccuracyOfEveryScore() throws IOException {
    Calibration calibration =
        Calibration.fit(
            IntStream.range(0, 20)
                .mapToObj(i -> new Calibration.Point(i / 20.0, 0.5 + i / 50.0))
                .toList(),
            0.9);
    Path file = folder.resolve("calibrated.safetensors");
    reference.withCalibration(calibration.from(1)).save(file);
    try (Reference calibrated = Reference.load(file)) {
      TrainingMonitor monitor =
          TrainingMonitor.builder(calibrated)
              .run(RunInfo.named("test"))
              .reportTo(reports)
              .reportTo(LogReporter.create())
              .build();
      assertThat(LoggedLines.during(() -> trainings.train(3, 2, monitor)))
          .containsPattern(
              "score 0\\.\\d{4} .*, predicted accuracy 0\\.\\d{4} \\(0\\.\\d{4} to [01]\\.\\d{4} for runs");
    }
    assertThat(reports.observations).hasSizeGreaterThan(1);
    for (Observation observation : reports.observations) {
      double score = ((Score) observation.outcome()).value();
      assertThat(observation.key().reference()).isEqualTo(reference.id());
      assertThat(observation.predictedAccuracy())
          .isEqualTo(
              observation.key().step() == 0
                  ? Optional.empty()
                  : Optional.of(calibration.predict(score)));
    }
    assertThat(reports.observations.get(0).key().step()).isZero();
  }

  @Test
  void aReferenceThatKnowsTheEndsOfItsScalePlacesEveryScoreOnIt() {
    Reference[] scaled = new Reference[1];
    trainings.train(
        4,
        0,
        untrained ->
            trainings.train(
                6,
                4,
                second ->
                    trainings.train(
                        5,
                        4,
                        good ->
                            scaled[0] =
                                Reference.builder("scaled", good, Trainings.LAYER, probes)
                                    .floor(untrained, Trainings.LAYER)
                                    .ceiling(second, Trainings.LAYER)
                                    .build())));
    try (Reference withEnds = scaled[0]) {
      trainings.train(
          3,
          2,
          TrainingMonitor.builder(withEnds).run(RunInfo.named("test")).reportTo(reports).build());
      Observation last = reports.observations.get(2);
      double score = ((Score) last.outcome()).value();
      assertThat(last.gaugedScore()).isEqualTo(withEnds.gaugedScore(score));
      assertThat(last.gaugedScore()).isPresent();
      assertEndsOf(withEnds);

      reports.observations.clear();
      trainings.train(
          3, 1, monitor(withEnds, Layer.named("decoder"), Cadence.everyEpochs(1), reports));
      assertThat(reports.observations)
          .allMatch(observation -> observation.outcome() instanceof Undefined);
      assertEndsOf(withEnds);
    }
  }

  private void assertEndsOf(Reference withEnds) {
    assertThat(reports.observations).isNotEmpty();
    for (Observation observation : reports.observations) {
      assertThat(observation.scoreFloor()).hasValue(withEnds.floor().orElseThrow().score());
      assertThat(observation.scoreCeiling()).hasValue(withEnds.ceiling().orElseThrow().score());
    }
  }

  @Test
  void aReferenceWithoutInputsCannotBeAttached() throws IOException {
    Path file = folder.resolve("embeddings");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray random = manager.randomNormal(new Shape(40, 5));
      EmbeddingFile.write(
          file, new Embeddings(random.get(":10"), random.get("10:")), Optional.empty(), Map.of());
    }
    try (EmbeddingFile embeddings = EmbeddingFile.open(file);
        Reference bare = Reference.builder("bare", embeddings).build()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TrainingMonitor.builder(bare).run(RunInfo.named("test")).build())
          .withMessageContaining("layer(...) must say which layer to embed with")
          .withMessageContaining("was made from embeddings alone");
    }
  }

  @Test
  void theWeightsMeasuredAreThoseOfTheStep() {
    // The model of a reference made after 24 steps is the model measured at step 24.
    Reference[] itself = new Reference[1];
    trainings.train(
        3, 2, model -> itself[0] = Reference.of("itself", model, Trainings.LAYER, probes));
    try (Reference end = itself[0]) {
      trainings.train(3, 3, monitor(end, Trainings.LAYER, Cadence.everyBatches(1), reports));
    }
    List<Long> identical =
        reports.observations.stream()
            .filter(o -> ((Score) o.outcome()).value() > 1 - 1e-6)
            .map(o -> o.key().step())
            .toList();
    assertThat(identical).containsExactly(24L);
  }

  @Test
  void aMonitorWithoutItsLayerSaysSoAndSwitchesItselfOff() {
    List<String> without = trainings.train(3, 2);
    List<String> with =
        trainings.train(
            3, 2, monitor(reference, Layer.named("decoder"), Cadence.everyBatches(1), reports));

    assertThat(with.get(0)).isEqualTo(without.get(0));
    assertThat(reports.steps()).containsExactly(0L, 1L, 2L);
    Observation last = reports.observations.get(2);
    assertThat(((Undefined) last.outcome()).reason())
        .contains("the model has no layer \"decoder\"")
        .contains("01SequentialBlock.05Linear");
    assertThat(last.agent().failures()).isEqualTo(3);
    assertThat(reports.ended).hasSize(1);
  }

  @Test
  void embeddingsThatAreNotFiniteAreReportedAsUndefined() {
    Layer broken =
        Layer.computed(
            "broken", (block, parameters, inputs) -> inputs.head().mul(Float.POSITIVE_INFINITY));
    trainings.train(3, 1, monitor(reference, broken, Cadence.everyEpochs(1), reports));
    assertThat(reports.observations)
        .extracting(Observation::outcome)
        .containsOnly(new Undefined("non-finite embeddings"));
    assertThat(reports.observations.get(1).agent().failures()).isZero();
  }

  @Test
  void errorsInsideAMeasurementDoNotReachTheTraining() {
    Layer exhausted =
        Layer.computed(
            "exhausted",
            (block, parameters, inputs) -> {
              throw new OutOfMemoryError("on purpose");
            });
    List<String> without = trainings.train(3, 1);
    assertThat(
            trainings
                .train(3, 1, monitor(reference, exhausted, Cadence.everyBatches(1), reports))
                .get(0))
        .isEqualTo(without.get(0));
  }

  @Test
  void aReporterThatThrowsOrHangsDoesNotReachTheTrainingOrTheOthers() {
    CountDownLatch never = new CountDownLatch(1);
    Reporter throwing =
        (run, observations) -> {
          throw new IllegalStateException("on purpose");
        };
    Reporter hanging = (run, observations) -> never.await();
    TrainingMonitor monitor =
        TrainingMonitor.builder(reference)
            .run(RunInfo.named("test"))
            .cadence(Cadence.everyBatches(1))
            .reportTo(throwing)
            .reportTo(hanging)
            .reportTo(reports)
            .deliveryTimeout(Duration.ofMillis(200))
            .build();
    trainings.train(3, 1, monitor);
    assertThat(reports.steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, 12).boxed().toList());
  }

  @Test
  void aSecondTrainerIsIgnored() {
    TrainingMonitor monitor = monitor(Cadence.everyEpochs(1));
    trainings.train(3, 1, monitor);
    trainings.train(3, 1, monitor);
    assertThat(reports.observations).hasSize(2);
    assertThat(reports.begun).hasSize(1);
  }

  @Test
  void aLoopWrittenByHandIsMeasuredWhenItNotifiesItsListeners() throws Exception {
    try (Model model = Model.newInstance("by-hand")) {
      Block network = Trainings.network();
      model.setBlock(network);
      try (Trainer trainer = model.newTrainer(Trainings.config(monitor(Cadence.everyBatches(5))))) {
        trainer.initialize(new Shape(1, 10));
        for (Batch batch : trainer.iterateDataset(trainings.dataset())) {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
          batch.close();
        }
      }
    }
    assertThat(reports.steps()).containsExactly(0L, 5L, 10L, 12L);
  }

  @Test
  void aLoopThatTellsOfItsEpochsOnlyIsMeasuredAfterEachAndItsStepsCountThem() throws Exception {
    try (Model model = Model.newInstance("by-hand")) {
      model.setBlock(Trainings.network());
      try (Trainer trainer = model.newTrainer(Trainings.config(monitor(Cadence.everyBatches(5))))) {
        trainer.initialize(new Shape(1, 10));
        for (int epoch = 0; epoch < 3; epoch++) {
          for (Batch batch : trainer.iterateDataset(trainings.dataset())) {
            updateInSilence(trainer, batch);
          }
          trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        }
      }
    }
    assertThat(reports.steps()).containsExactly(1L, 2L, 3L);
    assertThat(reports.observations).extracting(Observation::epoch).containsExactly(1.0, 2.0, 3.0);
    assertThat(reports.observations)
        .allMatch(observation -> observation.training().stepsPerSecond().isEmpty());
  }

  @Test
  void aLoopThatTellsOfItsEpochsOnlyFollowsItsCadenceAllTheSame() throws Exception {
    List<Long> byEpochs = epochsOnly(Cadence.everyEpochs(3), 7);
    assertThat(byEpochs).containsExactly(1L, 3L, 6L, 7L);
    assertThat(epochsOnly(Cadence.budget(1e-9), 7)).containsExactly(1L, 7L);
  }

  private List<Long> epochsOnly(Cadence cadence, int epochs) throws Exception {
    RecordingReporter seen = new RecordingReporter();
    try (Model model = Model.newInstance("by-hand")) {
      model.setBlock(Trainings.network());
      TrainingMonitor monitor = monitor(reference, Trainings.LAYER, cadence, seen);
      try (Trainer trainer = model.newTrainer(Trainings.config(monitor))) {
        trainer.initialize(new Shape(1, 10));
        for (int epoch = 0; epoch < epochs; epoch++) {
          trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        }
      }
    }
    return seen.steps();
  }

  @Test
  void aDurationGoesOnWhereAnEvaluatorIsWatchedBetweenMeasurements() throws Exception {
    ManualTime time = new ManualTime();
    EarlyStopping watching =
        EarlyStopping.builder().watch("train_loss").mode(Mode.MIN).patience(1000).build();
    TrainingMonitor monitor =
        monitor(time, Cadence.every(Duration.ofSeconds(20))).stopWhen(watching).build();
    trainings.train(3, 5, pace(time, 1), monitor);
    assertThat(reports.steps()).containsExactly(0L, 20L, 40L, 60L);
  }

  @Test
  void theClockIsLookedAtInEverySecondStepWhereAStepTakesTwentyMilliseconds() throws Exception {
    ManualTime time = new ManualTime();
    TrainingMonitor monitor = monitor(time, Cadence.every(Duration.ofMillis(400))).build();
    trainings.train(3, 5, pace(time, 0.02), monitor);
    assertThat(reports.steps()).containsExactly(0L, 21L, 41L, 60L);
  }

  @Test
  void whatOtherStepsWaitForTheMonitorIsReportedToo() throws Exception {
    // Every time it is asked a millisecond has gone, which is longer than a pause takes otherwise.
    ManualTime slow = new ManualTime(0.001);
    trainings.train(3, 2, monitor(slow, Cadence.everyBatches(12)).build());
    Observation last = reports.observations.get(reports.observations.size() - 1);
    assertThat(last.overheadRatio().orElseThrow()).isBetween(0.3, 1.0);
  }

  @Test
  void countedStepsAreNotMissedHoweverFastTheyAre() throws Exception {
    ManualTime time = new ManualTime();
    TrainingMonitor monitor = monitor(time, Cadence.everyBatches(7)).build();
    trainings.train(3, 2, pace(time, 1e-6), monitor);
    assertThat(reports.steps()).containsExactly(0L, 7L, 14L, 21L, 24L);
  }

  private MonitorBuilder monitor(TimeSource time, Cadence cadence) {
    return TrainingMonitor.builder(reference)
        .cadence(cadence)
        .run(RunInfo.named("test"))
        .reportTo(reports)
        .timeSource(time);
  }

  /** Lets every step take so long. */
  private static TrainingListener pace(ManualTime time, double secondsPerStep) {
    return new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        time.advance(secondsPerStep);
      }
    };
  }

  private static void updateInSilence(Trainer trainer, Batch batch) {
    try (GradientCollector gradients = trainer.newGradientCollector()) {
      NDList predicted = trainer.forward(batch.getData(), batch.getLabels());
      gradients.backward(trainer.getLoss().evaluate(batch.getLabels(), predicted));
    }
    trainer.step();
    batch.close();
  }

  @Test
  void aTrainingThatEndedByAnExceptionIsReportedAsFailedAndNotMeasuredOnceMore() {
    TrainingMonitor monitor = monitor(Cadence.everyBatches(5));
    assertThatIllegalStateException()
        .isThrownBy(() -> trainings.train(3, 2, monitor, failingAt(8, monitor::endedBy)))
        .withMessage("on purpose");
    assertThat(reports.ended)
        .containsExactly(
            new RunEnd(RunEnd.State.FAILED, "java.lang.IllegalStateException: on purpose")
                .ofAttempt(1));
    assertThat(reports.steps()).containsExactly(0L, 5L);
  }

  @Test
  void aTrainingThatWasStoppedEarlyIsReportedAsStopped() {
    TrainingMonitor monitor = monitor(Cadence.everyEpochs(1));
    monitor.endedBy(new EarlyStoppingListener.EarlyStoppedException(3, "no better for 5 epochs"));
    monitor.endedBy(new IllegalStateException("a consequence"));
    trainings.train(3, 1, monitor);
    assertThat(reports.ended)
        .containsExactly(new RunEnd(RunEnd.State.STOPPED, "no better for 5 epochs").ofAttempt(1));
  }

  @Test
  void aTrainingThatTellsOfEpochsAndEndsWithinOneIsReportedAsStoppedAndNotMeasuredOnceMore() {
    // The 17th batch is the 5th of the second epoch; it never comes to its update.
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                trainings.train(
                    3, 3, monitor(Cadence.everyEpochs(1)), failingAt(17, exception -> {})));
    assertThat(reports.ended)
        .containsExactly(
            new RunEnd(
                    RunEnd.State.STOPPED,
                    "the trainer was closed within an epoch, 5 batches after the end of epoch 1")
                .ofAttempt(1));
    assertThat(reports.steps()).containsExactly(0L, 12L);
  }

  @Test
  void aSecondTrainerThatTakesTurnsWithTheFirstIsNotWatched() throws Exception {
    TrainingMonitor monitor = monitor(Cadence.everyBatches(1));
    try (Model one = Model.newInstance("one");
        Model two = Model.newInstance("two")) {
      one.setBlock(Trainings.network());
      two.setBlock(Trainings.network());
      try (Trainer first = one.newTrainer(Trainings.config(monitor));
          Trainer second = two.newTrainer(Trainings.config(monitor))) {
        first.initialize(new Shape(1, 10));
        second.initialize(new Shape(1, 10));
        int batches = 0;
        for (Batch batch : first.iterateDataset(trainings.dataset())) {
          Trainer turn = batches++ % 3 == 0 ? first : second;
          EasyTrain.trainBatch(turn, batch);
          turn.step();
          batch.close();
        }
      }
    }
    assertThat(reports.steps()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void anExceptionThatIsToldOfAfterTheEndIsLoggedAndHarmless() {
    TrainingMonitor monitor = monitor(Cadence.everyEpochs(1));
    trainings.train(3, 1, monitor);
    String log = LoggedLines.during(() -> monitor.endedBy(new IllegalStateException("late")));
    assertThat(log).contains("endedBy must be called before the trainer is closed");
    assertThat(reports.ended).containsExactly(COMPLETED);
  }

  /** Fails at a batch, before its update, after it told of that. */
  private static TrainingListener failingAt(int batch, Consumer<Throwable> told) {
    return new TrainingListenerAdapter() {
      private int batches;

      @Override
      public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        batches++;
        if (batches == batch) {
          IllegalStateException failure = new IllegalStateException("on purpose");
          told.accept(failure);
          throw failure;
        }
      }
    };
  }

  @Test
  void aTrainingWhoseProcessEndsIsReportedAsStoppedOnceWithWhatWaited() {
    CountDownLatch ending = new CountDownLatch(1);
    Reporter slow =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations)
              throws InterruptedException {
            ending.await();
            reports.observed(run, observations);
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            reports.end(run, end);
          }

          @Override
          public void close() {
            reports.close();
          }
        };
    TrainingMonitor monitor = monitor(reference, Trainings.LAYER, Cadence.everyBatches(5), slow);
    List<Long> steps = new ArrayList<>();
    List<RunEnd> ended = new ArrayList<>();
    // As a shutdown hook does, while the training goes on.
    Runnable hook =
        () -> {
          assertThat(reports.steps()).isEmpty();
          ending.countDown();
          monitor.abandon("the process ended");
          steps.addAll(reports.steps());
          ended.addAll(reports.ended);
          assertThat(reports.isClosed()).isTrue();
          monitor.abandon("once more");
        };

    trainings.train(3, 2, monitor, atBatch(17, () -> CompletableFuture.runAsync(hook).join()));

    assertThat(steps).containsExactly(0L, 5L, 10L, 15L);
    assertThat(ended)
        .containsExactly(new RunEnd(RunEnd.State.STOPPED, "the process ended").ofAttempt(1));
    assertThat(reports.steps()).isEqualTo(steps);
    assertThat(reports.ended).isEqualTo(ended);
  }

  @Test
  void aTrainerThatIsClosedByTheVirtualMachineIsLeftAlone() throws Exception {
    TrainingMonitor monitor = monitor(Cadence.everyEpochs(1));
    TrainingListenerAdapter finalizing =
        new TrainingListenerAdapter() {
          @Override
          public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            CompletableFuture.runAsync(
                    () -> monitor.onTrainingEnd(trainer),
                    action -> new Thread(action, "Finalizer").start())
                .join();
          }
        };
    trainings.train(3, 1, monitor, finalizing);
    reports.closing.await();
    assertThat(reports.steps()).containsExactly(0L);
    assertThat(reports.ended)
        .containsExactly(
            new RunEnd(RunEnd.State.STOPPED, "its trainer was never closed").ofAttempt(1));
  }

  @Test
  void onlyATrainingThatIsUnderWayCanBeAbandoned() {
    TrainingMonitor monitor = monitor(Cadence.everyEpochs(1));
    monitor.abandon("too early");
    trainings.train(3, 1, monitor);
    monitor.abandon("too late");
    assertThat(reports.ended).containsExactly(COMPLETED);
    assertThat(reports.steps()).containsExactly(0L, 12L);
  }

  @Test
  void aTrainingIsAbandonedWithoutAnExceptionWhateverReportersDo() {
    CountDownLatch never = new CountDownLatch(1);
    Reporter throwing =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {}

          @Override
          public void end(RunInfo run, RunEnd end) {
            throw new IllegalStateException("on purpose");
          }
        };
    Reporter hanging = (run, observations) -> never.await();
    TrainingMonitor monitor =
        TrainingMonitor.builder(reference)
            .run(RunInfo.named("test"))
            .cadence(Cadence.everyBatches(1))
            .reportTo(throwing)
            .reportTo(hanging)
            .reportTo(reports)
            .deliveryTimeout(Duration.ofMillis(200))
            .build();
    List<String> without = trainings.train(3, 1);
    List<String> with =
        trainings.train(3, 1, monitor, atBatch(2, () -> monitor.abandon("r".repeat(600))));
    assertThat(with).isEqualTo(without);
    assertThat(reports.steps()).containsExactly(0L, 1L);
    assertThat(reports.ended)
        .containsExactly(new RunEnd(RunEnd.State.STOPPED, "r".repeat(500)).ofAttempt(1));
  }

  private static TrainingListener atBatch(int batch, Runnable action) {
    return new TrainingListenerAdapter() {
      private int batches;

      @Override
      public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        batches++;
        if (batches == batch) {
          action.run();
        }
      }
    };
  }

  @Test
  void leavesNoArraysBehind() {
    int[] arrays = new int[2];
    TrainingListenerAdapter counter =
        new TrainingListenerAdapter() {
          @Override
          public void onEpoch(Trainer trainer) {
            arrays[0] = arrays[1];
            arrays[1] = trainer.getModel().getNDManager().getManagedArrays().size();
          }
        };
    trainings.train(3, 6, monitor(Cadence.everyBatches(1)), counter);
    assertThat(arrays[1]).isEqualTo(arrays[0]).isPositive();
  }

  @Test
  void mistakesAreReportedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TrainingMonitor.builder(reference).deliveryTimeout(Duration.ofSeconds(-1)).build())
        .withMessage(
            "the monitor cannot be built: run(...) must say which run this is, but was not called;"
                + " deliveryTimeout must be from 0 to PT24H, but is PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TrainingMonitor.builder(reference)
                    .run(RunInfo.named("test"))
                    .deliveryTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                    .build())
        .withMessageContaining("deliveryTimeout must be from 0 to PT24H, but is PT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.everyBatches(0))
        .withMessage("a cadence must be of at least 1 batches, but is of 0");
  }

  private TrainingMonitor monitor(Cadence cadence) {
    return monitor(reference, Trainings.LAYER, cadence, reports);
  }

  private static TrainingMonitor monitor(
      Reference reference, Layer layer, Cadence cadence, Reporter reporter) {
    return TrainingMonitor.builder(reference)
        .layer(layer)
        .cadence(cadence)
        .run(RunInfo.named("test"))
        .reportTo(reporter)
        .build();
  }
}
