package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.agent.report.LayerSketch;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.stopping.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A monitor that begins with a probe set instead of a reference. */
class MonitorOfProbesTest {

  private static final Layer HEAD = Layer.named("03Linear");

  private final Trainings trainings = new Trainings();
  private final ProbeSet probes = trainings.probes();
  private final RecordingReporter reports = new RecordingReporter();

  @AfterEach
  void close() {
    probes.close();
    trainings.close();
  }

  private MonitorBuilder monitor() {
    return TrainingMonitor.builder(probes)
        .cadence(Cadence.everyBatches(1))
        .run(RunInfo.named("test"))
        .reportTo(reports);
  }

  /** The last sketch of a layer, which nothing newer can have taken the place of. */
  private LayerSketch last(Layer layer) {
    List<LayerSketch> ofLayer =
        reports.sketches.stream().filter(sketch -> sketch.layer().equals(layer.name())).toList();
    return ofLayer.get(ofLayer.size() - 1);
  }

  @Test
  void noReferenceIsNeededToSketchLayersAndToReportTheRunAndItsEnd() {
    List<Sketch> byHand = new ArrayList<>();
    trainings.train(
        3,
        2,
        model -> {
          byHand.add(sketch(model, Trainings.LAYER));
          byHand.add(sketch(model, HEAD));
        },
        monitor().layer(Trainings.LAYER).layer(HEAD).build());

    assertThat(last(Trainings.LAYER).sketch()).isEqualTo(byHand.get(0));
    assertThat(last(HEAD).sketch()).isEqualTo(byHand.get(1)).isNotEqualTo(byHand.get(0));
    assertThat(reports.sketches).allMatch(s -> s.probes().equals(probes.fingerprint()));
    assertThat(last(HEAD).step()).isEqualTo(2L * Trainings.BATCHES_PER_EPOCH);
    assertThat(last(HEAD).epoch()).isEqualTo(2);
    assertThat(reports.observations).isEmpty();
    assertThat(reports.begun).extracting(RunInfo::name).containsExactly("test");
    assertThat(reports.begun.get(0).model()).hasValue("network");
    assertThat(reports.ended).containsExactly(new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(1));
  }

  private Sketch sketch(Model model, Layer layer) {
    try (NDManager manager = model.getNDManager().newSubManager();
        Embedder embedder = new Embedder(probes, layer, manager)) {
      Embeddings embeddings = embedder.embed(model.getBlock(), manager);
      return Sketch.of(RelativeRepresentation.of(embeddings.anchors(), embeddings.probes()));
    }
  }

  @Test
  void sketchesBeforeTheFirstUpdateAtItsCadenceAndAtTheEnd() {
    BlockingQueue<Long> steps = new LinkedBlockingQueue<>();
    Reporter telling =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {}

          @Override
          public void sketch(RunInfo run, LayerSketch sketch) {
            steps.add(sketch.step());
          }
        };
    List<Long> made = new ArrayList<>();
    TrainingListenerAdapter patient =
        new TrainingListenerAdapter() {
          private int batches;

          @Override
          public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            // No sketch may wait when the next comes, which would take its place.
            if (batches++ % 7 == 0) {
              made.add(taken(steps));
            }
          }
        };
    TrainingMonitor monitor =
        monitor().layer(HEAD).cadence(Cadence.everyBatches(7)).reportTo(telling).build();
    trainings.train(3, 1, monitor, patient);
    made.add(taken(steps));
    assertThat(made).containsExactly(0L, 7L, 12L);
    assertThat(steps).isEmpty();
  }

  private static long taken(BlockingQueue<Long> steps) {
    try {
      return Objects.requireNonNull(steps.poll(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReferenceBesideAProbeSetIsComparedWithAndTheProbeSetAloneIsSketched() {
    try (ProbeSet others = trainings.probes();
        Reference reference = trainings.reference(others)) {
      // The layer is the one that the reference was made of.
      trainings.train(3, 1, monitor().reference(reference).build());
      assertThat(reports.observations).hasSize(Trainings.BATCHES_PER_EPOCH + 1);
      assertThat(reports.observations).allMatch(o -> o.outcome() instanceof Score);
      assertThat(reports.sketches)
          .isNotEmpty()
          .allMatch(sketch -> sketch.probes().equals(probes.fingerprint()));
      assertThat(last(Trainings.LAYER).step()).isEqualTo(Trainings.BATCHES_PER_EPOCH);

      RecordingReporter both = new RecordingReporter();
      trainings.train(3, 1, monitor().reference(reference).sketches(true).reportTo(both).build());
      assertThat(both.sketches)
          .extracting(LayerSketch::probes)
          .contains(probes.fingerprint(), others.fingerprint());
    }
  }

  @Test
  void aReferenceOfTheSameProbeSetSharesItsPasses() {
    try (Reference reference = trainings.reference(probes)) {
      AtomicInteger passes = new AtomicInteger();
      Layer counting =
          Layer.computed(
              "counting",
              (block, parameters, inputs) -> {
                passes.incrementAndGet();
                return inputs.head().duplicate();
              });
      trainings.train(3, 1, monitor().layer(counting).build());
      int alone = passes.getAndSet(0);
      trainings.train(3, 1, monitor().layer(counting).reference(reference).build());
      assertThat(passes).hasValue(alone).hasPositiveValue();
      assertThat(reports.observations).hasSize(Trainings.BATCHES_PER_EPOCH + 1);
    }
  }

  @Test
  void aLayerThatFailsIsGivenUpAndTheOthersAreSketched() {
    AtomicInteger calls = new AtomicInteger();
    Layer failing =
        Layer.computed(
            "failing",
            (block, parameters, inputs) -> {
              calls.incrementAndGet();
              throw new IllegalStateException("on purpose");
            });
    List<String> without = trainings.train(3, 1);
    TrainingMonitor monitor =
        monitor().layer(Trainings.LAYER).layer(failing).switchOffAfter(2).build();
    String log =
        LoggedLines.during(() -> assertThat(trainings.train(3, 1, monitor)).isEqualTo(without));
    assertThat(calls).hasValue(2);
    assertThat(log)
        .containsOnlyOnce("IllegalStateException: on purpose")
        .contains(
            "the sketch of failing of run test is not measured any more, after 2 failures in a row;"
                + " the training goes on")
        .doesNotContain("early stopping");
    assertThat(last(Trainings.LAYER).step()).isEqualTo(Trainings.BATCHES_PER_EPOCH);
    assertThat(reports.ended).hasSize(1);
  }

  @Test
  void aRunThatDivergesIsReportedToHave() {
    Layer infinite =
        Layer.computed(
            "infinite", (block, parameters, inputs) -> inputs.head().mul(Float.POSITIVE_INFINITY));
    TrainingMonitor monitor = monitor().layer(infinite).build();
    trainings.train(3, 1, monitor);
    assertThat(last(infinite).sketch().lows()).containsOnly(Float.NaN);
    assertThat(reports.ended).extracting(RunEnd::state).containsExactly(RunEnd.State.COMPLETED);
  }

  @Test
  void anEvaluatorCanStopItAndSoCanADirective() {
    TrainingMonitor watching =
        monitor()
            .layer(HEAD)
            .stopWhen(
                EarlyStopping.builder()
                    .watch("train_loss")
                    .mode(Mode.MIN)
                    .stoppingThreshold(1000)
                    .build())
            .build();
    assertThat(stopped(watching).cause()).isEqualTo(Stopped.Cause.STOPPING_THRESHOLD);

    Reporter stopping =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {}

          @Override
          public Optional<Directive> directive() {
            return Optional.of(Directive.stop("too expensive"));
          }
        };
    TrainingMonitor obedient =
        monitor().layer(HEAD).reportTo(stopping).obeyDirectives(true).build();
    assertThat(stopped(obedient).reason()).isEqualTo("the collector said so: too expensive");
    assertThat(reports.ended)
        .extracting(RunEnd::state)
        .containsExactly(RunEnd.State.STOPPED, RunEnd.State.STOPPED);
  }

  private Stopped stopped(TrainingMonitor monitor) {
    assertThatExceptionOfType(EarlyStoppedException.class)
        .isThrownBy(() -> trainings.train(3, 2, monitor));
    return monitor.stopped().orElseThrow();
  }

  @Test
  void whatIsMissingOrContradictsItselfIsSaidTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TrainingMonitor.builder(probes)
                    .run(RunInfo.named("test"))
                    .sketches(false)
                    .stopWhen(EarlyStopping.builder().build())
                    .build())
        .withMessage(
            "the monitor cannot be built: sketches(false) must not be called on a monitor of a probe"
                + " set, which is sketched and nothing else; layer(...) must say which layer to"
                + " embed with, as there is no reference that does; reportTo(...) must say where"
                + " sketches go, such as to a collector, as the log takes none; early stopping"
                + " watches any layer, but nothing is compared with a reference");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monitor().layer(HEAD).layer(Layer.named("03Linear")).build())
        .withMessage(
            "the monitor cannot be built: layers must differ, but there is a second 03Linear");
  }
}
