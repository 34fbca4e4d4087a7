package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.agent.Stopped.Cause;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import dev.latentgauge.stopping.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorStoppingTest {

  @TempDir private Path folder;
  private final Trainings trainings = new Trainings();
  private final ProbeSet probes = trainings.probes();
  private final Reference reference = trainings.reference(probes);
  private final RecordingReporter reports = new RecordingReporter();
  private Model model = Model.newInstance("network");

  @BeforeEach
  void makeModel() {
    Engine.getInstance().setRandomSeed(3);
    model.setBlock(Trainings.network());
  }

  @AfterEach
  void close() {
    model.close();
    reference.close();
    probes.close();
    trainings.close();
  }

  private MonitorBuilder monitor() {
    return TrainingMonitor.builder(reference)
        .cadence(Cadence.everyBatches(1))
        .run(RunInfo.named("test"))
        .reportTo(reports);
  }

  /** Trains as users do, and answers whether that was stopped. */
  private boolean isStopped(int epochs, @Nullable Dataset validation, TrainingListener... listeners)
      throws Exception {
    try (Trainer trainer = model.newTrainer(Trainings.config(listeners))) {
      trainer.initialize(new Shape(1, 10));
      EasyTrain.fit(trainer, epochs, trainings.dataset(), validation);
      return false;
    } catch (EarlyStoppedException e) {
      return true;
    }
  }

  private List<String> weights() {
    return Trainings.weights(model);
  }

  private static double score(Observation observation) {
    return ((Score) observation.outcome()).value();
  }

  @Test
  void aScoreThatDoesNotImproveEndsTheTrainingAndTheRunSaysWhy() throws Exception {
    TrainingMonitor monitor =
        monitor().stopWhen(EarlyStopping.builder().patience(4).build()).build();
    assertThat(isStopped(100, null, monitor)).isTrue();

    Stopped stopped = monitor.stopped().orElseThrow();
    assertThat(stopped.cause()).isEqualTo(Cause.NO_IMPROVEMENT);
    assertThat(stopped.reason()).startsWith("score has not improved in 4 checks: it is 0.");
    List<Long> steps = reports.steps();
    assertThat(stopped.step()).isEqualTo(steps.get(steps.size() - 1));
    assertThat(reports.ended)
        .containsExactly(new RunEnd(RunEnd.State.STOPPED, stopped.reason()).ofAttempt(1));
    Best best = stopped.best().orElseThrow();
    assertThat(score(reports.observations.get((int) best.step()))).isEqualTo(best.value());
    assertThat(reports.observations).allMatch(observation -> score(observation) <= best.value());
    // Four checks in vain come after one that was an improvement, and so is not before the start.
    assertThat(stopped.step()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void theBestWeightsAreBackAfterAStop() throws Exception {
    List<List<String>> atStep = new ArrayList<>();
    TrainingListener recorder = weightsAtEveryStep(atStep);
    TrainingMonitor monitor =
        monitor()
            .stopWhen(
                // It rises, so that by the smallest one the first check is the best.
                EarlyStopping.builder()
                    .watch("similarity")
                    .mode(Mode.MIN)
                    .patience(3)
                    .restoreBest(true)
                    .build())
            .build();
    assertThat(isStopped(100, null, recorder, monitor)).isTrue();
    Best best = monitor.stopped().orElseThrow().best().orElseThrow();
    assertThat(weights()).isEqualTo(atStep.get((int) best.step()));
    assertThat(weights()).isNotEqualTo(atStep.get(atStep.size() - 1));
  }

  /** What the monitor sees at a batch is what this sees. */
  private TrainingListener weightsAtEveryStep(List<List<String>> atStep) {
    return new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        atStep.add(weights());
      }
    };
  }

  @Test
  void theBestWeightsAreBackWhenATrainingEndsByItself() throws Exception {
    List<List<String>> atStep = new ArrayList<>();
    TrainingMonitor monitor =
        monitor()
            .stopWhen(
                EarlyStopping.builder()
                    .watch("effective_rank")
                    .mode(Mode.MIN)
                    .patience(1000)
                    .restoreBest(true)
                    .build())
            .build();
    assertThat(isStopped(1, null, weightsAtEveryStep(atStep), monitor)).isFalse();
    int best = 1;
    for (int i = 2; i < reports.observations.size(); i++) {
      if (rank(i) < rank(best)) {
        best = i;
      }
    }
    assertThat(best).as("step of the best").isLessThan(atStep.size());
    assertThat(weights()).isEqualTo(atStep.get(best));
    assertThat(monitor.stopped()).isEmpty();
    assertThat(reports.ended.get(0).state()).isEqualTo(RunEnd.State.COMPLETED);
  }

  private double rank(int step) {
    return reports.observations.get(step).companions().effectiveRank().orElseThrow();
  }

  @Test
  void aLoopByHandIsStoppedByASignalAndSavesTheBest() throws Exception {
    StopSignal signal = StopSignal.create();
    List<List<String>> atStep = new ArrayList<>();
    TrainingMonitor monitor =
        monitor()
            .stopWhen(EarlyStopping.builder().patience(3).restoreBest(true).build())
            .stopBy(signal)
            .build();
    try (Trainer trainer =
        model.newTrainer(Trainings.config(weightsAtEveryStep(atStep), monitor))) {
      trainer.initialize(new Shape(1, 10));
      int epochs = 0;
      while (!signal.isRaised() && epochs++ < 100) {
        for (Batch batch : trainer.iterateDataset(trainings.dataset())) {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
          batch.close();
          if (signal.isRaised()) {
            break;
          }
        }
      }
      List<String> last = weights();
      Best best = signal.stopped().orElseThrow().best().orElseThrow();
      assertThat(monitor.restoreBest()).hasValue(best);
      assertThat(weights()).isEqualTo(atStep.get((int) best.step())).isNotEqualTo(last);
    }
    assertThat(reports.ended.get(0).state()).isEqualTo(RunEnd.State.STOPPED);
    assertThat(monitor.stopped()).isEqualTo(signal.stopped());
    assertThat(monitor.restoreBest()).isEmpty();
  }

  @Test
  void aLoopThatRestoresBeforeItSavesHasItsLastWeightsMeasuredFirstAndOnce() throws Exception {
    TrainingMonitor monitor =
        monitor()
            .cadence(Cadence.budget(1e-9))
            .stopWhen(EarlyStopping.builder().restoreBest(true).build())
            .build();
    List<String> trained;
    try (Trainer trainer = model.newTrainer(Trainings.config(monitor))) {
      trainer.initialize(new Shape(1, 10));
      EasyTrain.fit(trainer, 2, trainings.dataset(), null);
      trained = weights();
      // The budget had room for the baseline alone, whose weights are nobody's best.
      assertThat(monitor.restoreBest().orElseThrow().step()).isEqualTo(24);
      assertThat(weights()).isEqualTo(trained);
    }
    assertThat(weights()).isEqualTo(trained);
    assertThat(reports.steps()).containsExactly(0L, 24L);
  }

  @Test
  void whatIsTrainedAfterTheMeasurementsHaveFailedIsNotOverwrittenByAnOlderBest() throws Exception {
    int[] passes = new int[1];
    Layer failing =
        Layer.computed(
            "failing",
            (block, parameters, inputs) -> {
              if (++passes[0] > 4) {
                throw new IllegalStateException("on purpose");
              }
              return inputs.head().duplicate();
            });
    TrainingMonitor monitor =
        monitor()
            .layer(failing)
            .layer(Trainings.LAYER)
            .stopWhen(EarlyStopping.builder().restoreBest(true).patience(1000).build())
            .build();
    List<List<String>> last = new ArrayList<>();
    TrainingListener keeper =
        new TrainingListenerAdapter() {
          @Override
          public void onEpoch(Trainer trainer) {
            last.add(weights());
          }
        };
    String log =
        LoggedLines.during(
            () -> {
              try {
                assertThat(isStopped(2, null, keeper, monitor)).isFalse();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertThat(weights()).isEqualTo(last.get(1));
    assertThat(log).contains("early stopping by it has no effect", "the weights stay as they are");
    // Three tries after four successes, and no more, though the other layer goes on.
    assertThat(passes[0]).isEqualTo(7);
    assertThat(reports.observations.stream().filter(o -> o.outcome() instanceof Score))
        .hasSize(4 + 25);
  }

  @Test
  void aLoopThatEndsWithinAnEpochHasItsLastWeightsComparedBeforeOlderOnesArePutBack()
      throws Exception {
    // It rises while this trains, so that the last weights are the best.
    TrainingMonitor monitor =
        monitor()
            .cadence(Cadence.everyEpochs(1))
            .stopWhen(
                EarlyStopping.builder()
                    .watch("similarity")
                    .patience(1000)
                    .restoreBest(true)
                    .build())
            .build();
    List<String> trained;
    try (Trainer trainer = model.newTrainer(Trainings.config(monitor))) {
      trainer.initialize(new Shape(1, 10));
      EasyTrain.fit(trainer, 1, trainings.dataset(), null);
      int batches = 0;
      for (Batch batch : trainer.iterateDataset(trainings.dataset())) {
        if (batches++ < 11) {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
        }
        batch.close();
      }
      trained = weights();
    }
    assertThat(reports.steps()).containsExactly(0L, 12L, 23L);
    double atEpoch = ((Score) reports.observations.get(1).outcome()).similarity();
    double atEnd = ((Score) reports.observations.get(2).outcome()).similarity();
    assertThat(atEnd).isGreaterThan(atEpoch);
    assertThat(weights()).isEqualTo(trained);
  }

  @Test
  void aLayerWhoseUnitsDieIsSaidToBeUndefinedAndEndsTheTraining() throws Exception {
    int[] passes = new int[1];
    Layer dying =
        Layer.computed(
            "dying",
            (block, parameters, inputs) ->
                ++passes[0] > 4 ? inputs.head().mul(0) : inputs.head().duplicate());
    TrainingMonitor monitor =
        monitor().layer(dying).stopWhen(EarlyStopping.builder().patience(5).build()).build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(monitor)).isTrue());
    Stopped stopped = monitor.stopped().orElseThrow();
    assertThat(stopped.cause()).isEqualTo(Cause.NO_IMPROVEMENT);
    // The first check is the improvement, the next two are the same, and three are undefined.
    assertThat(stopped.step()).isEqualTo(6);
    assertThat(stopped.reason()).contains("it is undefined at step 6 (");
    assertThat(log).containsOnlyOnce("is undefined at step 4 (");
  }

  @Test
  void anEvaluatorThatSawNoBatchStopsNothingAndIsSaidToHaveSeenNone() throws Exception {
    TrainingMonitor monitor =
        monitor()
            .stopWhen(EarlyStopping.builder().watch("train_loss").mode(Mode.MIN).build())
            .build();
    String log =
        LoggedLines.during(
            () -> {
              try (Trainer trainer = model.newTrainer(Trainings.config(monitor))) {
                trainer.initialize(new Shape(1, 10));
                for (int epoch = 0; epoch < 3; epoch++) {
                  trainer.notifyListeners(listener -> listener.onEpoch(trainer));
                }
              }
            });
    assertThat(monitor.stopped()).isEmpty();
    assertThat(log).containsOnlyOnce("an epoch ended without a batch that listeners were told of");
  }

  @Test
  void weightsThatAreNotKeptCannotBeRestored() {
    assertThatIllegalStateException()
        .isThrownBy(() -> monitor().build().restoreBest())
        .withMessageContaining("call restoreBest(true)");
  }

  @Test
  void anEvaluatorIsCheckedAtTheEndOfEveryEpochWithItsNewValueWhereverItsListenerStands()
      throws Exception {
    for (boolean monitorIsFirst : new boolean[] {false, true}) {
      List<Float> losses = new ArrayList<>();
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .run(RunInfo.named("test"))
              .reportTo((run, observations) -> {})
              .stopWhen(
                  EarlyStopping.builder()
                      .watch("validate_loss")
                      .mode(Mode.MIN)
                      .stoppingThreshold(0.9)
                      .build())
              .build();
      Engine.getInstance().setRandomSeed(3);
      try (Model fresh = Model.newInstance("network")) {
        fresh.setBlock(Trainings.network());
        assertThatThrownBy(() -> fit(fresh, monitor, monitorIsFirst, losses))
            .isInstanceOf(EarlyStoppedException.class);
      }
      Stopped stopped = monitor.stopped().orElseThrow();
      long epochs = stopped.epoch();
      assertThat(stopped.cause()).isEqualTo(Cause.STOPPING_THRESHOLD);
      // The exception keeps the listener that notes losses from the last one if it comes later.
      assertThat(losses.subList(0, (int) epochs - 1)).allMatch(loss -> loss > 0.9);
      assertThat(stopped.best().orElseThrow().value()).isLessThanOrEqualTo(0.9);
      assertThat(stopped.step()).isEqualTo(epochs * Trainings.BATCHES_PER_EPOCH);
    }
  }

  private void fit(Model model, TrainingMonitor monitor, boolean isFirst, List<Float> losses)
      throws Exception {
    TrainingListener noting =
        new TrainingListenerAdapter() {
          @Override
          public void onEpoch(Trainer trainer) {
            losses.add(trainer.getTrainingResult().getEvaluations().get("validate_loss"));
          }
        };
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build())
            .addEvaluator(new Accuracy());
    if (isFirst) {
      config.addTrainingListeners(monitor);
    }
    config.addTrainingListeners(TrainingListener.Defaults.basic()).addTrainingListeners(noting);
    if (!isFirst) {
      config.addTrainingListeners(monitor);
    }
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 10));
      EasyTrain.fit(trainer, 30, trainings.dataset(), trainings.dataset());
    }
  }

  @Test
  void aValueThatTheTrainingDoesNotHaveIsAnErrorWhenItIsAttached() {
    EarlyStopping.Builder unknown =
        EarlyStopping.builder().watch("validate_accuracy").mode(Mode.MAX);
    TrainingMonitor strict = monitor().stopWhen(unknown.build()).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> isStopped(1, null, strict))
        .withMessageContaining("early stopping watches \"validate_accuracy\"")
        .withMessageContaining("did you mean validate_Accuracy")
        .withMessageContaining("it has score, gauged_score")
        .withMessageContaining("train_loss");
    TrainingMonitor lenient = monitor().stopWhen(unknown.strict(false).build()).build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(lenient)).isFalse());
    assertThat(log).contains("early stopping by validate_accuracy does nothing");
  }

  private boolean isStoppedUnchecked(TrainingListener monitor) {
    try {
      return isStopped(1, null, monitor);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTrainingThatComputesNoEvaluatorsSaysSo() {
    TrainingMonitor monitor =
        monitor()
            .stopWhen(EarlyStopping.builder().watch("train_loss").mode(Mode.MIN).build())
            .build();
    DefaultTrainingConfig bare =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).addTrainingListeners(monitor);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.newTrainer(bare))
        .withMessageContaining("no EvaluatorTrainingListener is among the listeners");
  }

  @Test
  void aLayerThatIsWatchedMustBeThereWhenTheTrainerIsMade() {
    Layer missing = Layer.named("encoder");
    TrainingMonitor strict =
        monitor().layer(missing).stopWhen(EarlyStopping.builder().layer("encoder").build()).build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).addTrainingListeners(strict);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.newTrainer(config))
        .withMessageContaining("early stopping watches encoder against ")
        .withMessageContaining("the model has no layer \"encoder\"");
    TrainingMonitor lenient =
        monitor()
            .layer(missing)
            .stopWhen(EarlyStopping.builder().layer("encoder").strict(false).build())
            .build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(lenient)).isFalse());
    assertThat(log).contains("the model has no layer \"encoder\"", "does nothing");
  }

  @Test
  void thatATrainingHadTooFewChecksToBeStoppedIsSaidAtItsEnd() {
    TrainingMonitor monitor =
        monitor().cadence(Cadence.everyEpochs(1)).stopWhen(EarlyStopping.builder().build()).build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(monitor)).isFalse());
    assertThat(log)
        .contains(
            "with a patience of 8, could not stop the training, as it had too few checks (1)");
  }

  @Test
  void whatIsNotValidatedIsNotCheckedAndTheLogSaysSo() {
    TrainingMonitor monitor =
        monitor()
            .stopWhen(
                EarlyStopping.builder().watch("validate_loss").mode(Mode.MIN).patience(1).build())
            .build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(monitor)).isFalse());
    assertThat(log).contains("watches validate_loss, but an epoch ended without a validation");
  }

  @Test
  void whatAReferenceCannotTellIsAnErrorWhenTheMonitorIsBuilt() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                monitor()
                    .stopWhen(EarlyStopping.builder().watch("predicted_accuracy").build())
                    .stopWhen(EarlyStopping.builder().watch("gauged_score").build())
                    .stopWhen(EarlyStopping.builder().layer("decoder").build())
                    .build())
        .withMessageContaining(
            "predicted_accuracy is watched, but the reference "
                + reference.id()
                + " is not calibrated; gauged_score is watched, but the reference "
                + reference.id()
                + " has no floor and ceiling; early stopping watches layer decoder, but what is"
                + " measured is 01SequentialBlock against "
                + reference.id());
  }

  @Test
  void embeddingsThatAreNotFiniteStopTheTraining() throws Exception {
    int[] passes = new int[1];
    Layer diverging =
        Layer.computed(
            "diverging",
            (block, parameters, inputs) ->
                ++passes[0] > 3 ? inputs.head().mul(Float.NaN) : inputs.head().duplicate());
    TrainingMonitor monitor =
        monitor().layer(diverging).stopWhen(EarlyStopping.builder().patience(1000).build()).build();
    assertThat(isStopped(1, null, monitor)).isTrue();
    assertThat(monitor.stopped().orElseThrow().cause()).isEqualTo(Cause.NOT_FINITE);
    assertThat(monitor.stopped().orElseThrow().reason()).isEqualTo("score is not finite at step 3");
  }

  @Test
  void aMeasurementThatFailsIsNoCheck() throws Exception {
    Layer failing =
        Layer.computed(
            "failing",
            (block, parameters, inputs) -> {
              throw new IllegalStateException("on purpose");
            });
    TrainingMonitor monitor =
        monitor().layer(failing).stopWhen(EarlyStopping.builder().patience(1).build()).build();
    assertThat(isStopped(2, null, monitor)).isFalse();
    assertThat(monitor.stopped()).isEmpty();
  }

  @Test
  void aSearchForHyperparametersPrunesATrainingAndItsOwnFailureIsHarmless() throws Exception {
    List<Long> told = new ArrayList<>();
    Trial trial =
        new Trial() {
          @Override
          public void report(long step, double value) {
            told.add(step);
            if (told.size() == 2) {
              throw new IllegalStateException("on purpose");
            }
          }

          @Override
          public boolean shouldPrune() {
            return told.size() == 5;
          }
        };
    TrainingMonitor monitor =
        monitor().stopWhen(EarlyStopping.builder().patience(1000).prunedBy(trial).build()).build();
    assertThat(isStopped(2, null, monitor)).isTrue();
    assertThat(told).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(monitor.stopped().orElseThrow().cause()).isEqualTo(Cause.PRUNED);
    assertThat(reports.observations.get(4).agent().failures()).isEqualTo(1);
  }

  @Test
  void aDirectiveOfTheCollectorIsObeyedIfThatIsAllowed() throws Exception {
    Reporter stopping = stoppingReporter();
    TrainingMonitor obedient = monitor().reportTo(stopping).obeyDirectives(true).build();
    assertThat(isStopped(1, null, obedient)).isTrue();
    Stopped stopped = obedient.stopped().orElseThrow();
    assertThat(stopped.cause()).isEqualTo(Cause.DIRECTIVE);
    assertThat(stopped.reason()).isEqualTo("the collector said so: too expensive");
    assertThat(reports.ended.get(0).state()).isEqualTo(RunEnd.State.STOPPED);

    TrainingMonitor free = monitor().reportTo(stopping).build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(free)).isFalse());
    assertThat(log)
        .containsOnlyOnce(
            "the collector wants run test stopped (too expensive); it goes on, as it"
                + " was not told to obey");
  }

  private static Reporter stoppingReporter() {
    return new Reporter() {
      @Override
      public void observed(RunInfo run, List<Observation> observations) {}

      @Override
      public Optional<Directive> directive() {
        return Optional.of(Directive.stop("too expensive"));
      }
    };
  }

  @Test
  void severalWaysToStopAreAllAskedAndTheFirstHasIt() throws Exception {
    TrainingMonitor monitor =
        monitor()
            .stopWhen(EarlyStopping.builder().patience(1000).restoreBest(true).build())
            .stopWhen(EarlyStopping.builder().watch("similarity").stoppingThreshold(-1).build())
            .build();
    assertThat(isStopped(1, null, monitor)).isTrue();
    assertThat(monitor.stopped().orElseThrow().cause()).isEqualTo(Cause.STOPPING_THRESHOLD);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                monitor()
                    .stopWhen(EarlyStopping.builder().restoreBest(true).build())
                    .stopWhen(EarlyStopping.builder().restoreBest(true).build())
                    .build())
        .withMessageContaining("restoreBest(true) must be said of one EarlyStopping alone");
  }

  @Test
  void anotherProcessGoesOnFromASavedState() throws Exception {
    Path file = folder.resolve("monitor.json");
    EarlyStopping stopping = EarlyStopping.builder().watch("similarity").patience(13).build();
    TrainingMonitor first = monitor().stopWhen(stopping).build();
    assertThat(isStopped(1, null, first)).isFalse();
    first.state().save(file);

    RecordingReporter later = new RecordingReporter();
    TrainingMonitor second =
        TrainingMonitor.builder(reference)
            .cadence(Cadence.everyBatches(1))
            .run(RunInfo.named("test").withAttempt(2))
            .reportTo(later)
            .stopWhen(stopping)
            .resume(MonitorState.load(file))
            .build();
    assertThat(isStopped(100, null, second)).isTrue();
    assertThat(later.steps().get(0)).isEqualTo(12);
    assertThat(later.observations.get(0).epoch()).isEqualTo(1);
    assertThat(second.stopped().orElseThrow().step())
        .isEqualTo(second.stopped().orElseThrow().best().orElseThrow().step() + 13);
  }

  @Test
  void aStateIsOfWhatItsMonitorWatchesAndNothingElse() throws Exception {
    TrainingMonitor first =
        monitor().stopWhen(EarlyStopping.builder().patience(1000).build()).build();
    assertThat(isStopped(1, null, first)).isFalse();
    MonitorState state = first.state();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monitor().resume(state).build())
        .withMessageContaining("a state can be resumed only by what it is of");
    Path garbage = folder.resolve("garbage");
    for (String text : List.of("", "{", "[]", "{\"format\":2}", "{\"format\":1,\"step\":-1}")) {
      Files.writeString(garbage, text);
      assertThatIllegalArgumentException()
          .as(text)
          .isThrownBy(() -> MonitorState.load(garbage))
          .withMessageContaining("garbage");
    }
  }

  @Test
  void aBestOfAnEarlierProcessCannotBeRestoredAndIsNotSilentlyReplaced() throws Exception {
    EarlyStopping.Builder stopping =
        EarlyStopping.builder().watch("similarity").patience(1000).restoreBest(true);
    TrainingMonitor first = monitor().stopWhen(stopping.build()).build();
    assertThat(isStopped(1, null, first)).isFalse();
    List<String> after = weights();
    // Nothing can be better than a similarity of 1.
    Path file = folder.resolve("state.json");
    first.state().save(file);
    Files.writeString(
        file, Files.readString(file).replaceAll("\"value\":[0-9.E-]+", "\"value\":1"));
    TrainingMonitor second =
        monitor().stopWhen(stopping.build()).resume(MonitorState.load(file)).build();
    String log = LoggedLines.during(() -> assertThat(isStoppedUnchecked(second)).isFalse());
    assertThat(log).contains("are not there to be restored, as they are those of an earlier");
    assertThat(weights()).isNotEqualTo(after);
  }
}
