package dev.latentgauge.examples.study.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.task.View;
import dev.latentgauge.relative.CompanionGauge;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Rows;
import dev.latentgauge.relative.Score;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that is measured against one reference, in one view.
 *
 * <p>What is undefined is left out. Not thread-safe.
 */
public final class Instruments implements Meter {

  private final NDManager manager = NDManager.newBaseManager();
  private final View view;
  private final Map<Measure.Scored, Gauge> gauges = new LinkedHashMap<>();
  private final Map<Measure, Gauge> controls = new HashMap<>();
  private final CompanionGauge companions;

  /**
   * Prepares to measure.
   *
   * @param view what is looked at
   * @param reference whose last snapshot is the reference
   * @param untrained control; its last snapshot
   * @param mediocre control; its last snapshot
   * @throws IllegalArgumentException if the reference cannot be compared with anything
   */
  public Instruments(View view, Recording reference, Recording untrained, Recording mediocre) {
    this.view = view;
    try (NDManager scratch = manager.newSubManager()) {
      Described described = describe(reference, reference.size() - 1, scratch);
      for (Measure.Scored score : view.isBrief() ? Measure.shownScores() : Measure.scores()) {
        NDArray relative = described.relative(score.centred());
        gauges.put(score, gauge(relative, score.profile().apply(view.anchors())));
      }
      described.probes().attach(manager);
      NDArray relative = described.relative(false);
      relative.attach(manager);
      companions =
          CompanionGauge.of(
              relative,
              Optional.of(Rows.of(described.probes())),
              Optional.of(predictions(reference, reference.size() - 1)));
      control(Measure.UNTRAINED_REFERENCE, untrained, untrained.size() - 1, scratch);
      control(Measure.MEDIOCRE_REFERENCE, mediocre, mediocre.size() - 1, scratch);
    }
  }

  private Gauge gauge(NDArray relative, Profile profile) {
    NDArray kept = relative.duplicate();
    kept.attach(manager);
    return Gauge.of(kept, profile);
  }

  /**
   * A control that is no reference, such as a network whose outputs are all the same, is left out.
   */
  private void control(Measure measure, Recording of, int snapshot, NDManager scratch) {
    Gauge before = controls.remove(measure);
    if (before != null) {
      before.close();
    }
    try {
      Described described = describe(of, snapshot, scratch);
      controls.put(measure, gauge(described.relative(false), Profile.defaultProfile()));
    } catch (IllegalArgumentException e) {
      // Gauge says so of a reference that tells nothing apart.
    }
  }

  @Override
  public List<String> names() {
    List<Measure> scores = gauges.keySet().stream().map(Measure.Scored::measure).toList();
    return Measure.all().stream()
        .filter(measure -> scores.contains(measure) || !Measure.isScore(measure))
        .map(Measure::name)
        .toList();
  }

  /** Makes the run's first snapshot the control of how far it has come. */
  @Override
  public void begin(Recording run) {
    try (NDManager scratch = manager.newSubManager()) {
      control(Measure.DISTANCE_FROM_START, run, 0, scratch);
    }
  }

  @Override
  public Map<String, Double> measure(Recording run, int snapshot) {
    Map<String, Double> values = new HashMap<>();
    try (NDManager scratch = manager.newSubManager()) {
      Described described = describe(run, snapshot, scratch);
      gauges.forEach(
          (score, gauge) -> {
            Optional<Score> measured = score(gauge.measure(described.relative(score.centred())));
            measured.ifPresent(s -> values.put(score.measure().name(), s.value()));
            if (score.measure().name().equals("cosine")) {
              measured.ifPresent(s -> values.put(Measure.RAW_COSINE.name(), s.similarity()));
            }
          });
      controls.forEach(
          (measure, gauge) ->
              score(gauge.measure(described.relative(false)))
                  .map(Score::value)
                  .map(value -> measure.equals(Measure.DISTANCE_FROM_START) ? 1 - value : value)
                  .ifPresent(value -> values.put(measure.name(), value)));
      Companions others =
          companions.measure(
              described.relative(false),
              Optional.of(Rows.of(described.probes())),
              Optional.of(predictions(run, snapshot)));
      put(values, Measure.LINEAR_CKA, others.linearCka());
      put(values, Measure.EFFECTIVE_RANK, others.effectiveRank());
      put(values, Measure.AGREEMENT, others.predictionAgreement());
    }
    double loss = run.losses()[snapshot];
    if (Double.isFinite(loss)) {
      values.put(Measure.TRAINING_LOSS.name(), -loss);
    }
    return values;
  }

  private static void put(Map<String, Double> values, Measure measure, OptionalDouble value) {
    value.ifPresent(number -> values.put(measure.name(), number));
  }

  private static Optional<Score> score(Measurement measurement) {
    return measurement.outcome() instanceof Score score ? Optional.of(score) : Optional.empty();
  }

  private long[] predictions(Recording recording, int snapshot) {
    return Arrays.copyOfRange(
        recording.predictions(snapshot), view.firstProbe(), view.firstProbe() + view.probes());
  }

  private Described describe(Recording recording, int snapshot, NDManager scratch) {
    NDArray all = recording.embeddings(view.layer(), snapshot, scratch);
    NDArray anchors = view.anchorsOf(all);
    NDArray probes = view.probesOf(all);
    NDArray mean = anchors.mean(new int[] {0}, true);
    return new Described(
        probes,
        RelativeRepresentation.of(anchors, probes),
        RelativeRepresentation.of(anchors.sub(mean), probes.sub(mean)));
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The probes of one snapshot, and their cosines to the anchors, plain and centred. */
  private record Described(NDArray probes, NDArray plain, NDArray centred) {
    NDArray relative(boolean isCentred) {
      return isCentred ? centred : plain;
    }
  }
}
