package dev.latentgauge.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.relative.CompanionGauge;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Rows;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures runs against one reference on one device: score, companions, the place between floor and
 * ceiling, and the accuracy that such a score has meant. Not thread-safe.
 */
public final class RunGauge implements AutoCloseable {

  private final Reference reference;
  private final NDManager manager;
  private final Gauge gauge;
  private final CompanionGauge companions;

  RunGauge(Reference reference, NDManager parent) {
    this.reference = reference;
    this.manager = parent.newSubManager();
    try (NDArray relative = Reference.copy(reference.relative(), manager)) {
      this.gauge = reference.gauge(manager);
      this.companions =
          CompanionGauge.of(
              relative, reference.embeddings().map(OnDevice::new), reference.predictions());
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Measures a run from its embeddings.
   *
   * @param anchors the k x d embeddings of the anchors, on the device of the gauge
   * @param probes the n x d embeddings of the probes, on the same device; d may differ from the
   *     reference's
   * @param predictions the n classes that the run predicts for the probes, if they are known
   * @return the reading
   * @throws IllegalArgumentException if n or k differ from the reference's
   */
  public Reading read(NDArray anchors, Rows probes, Optional<long[]> predictions) {
    return read(RelativeRepresentation.of(anchors, probes), Optional.of(probes), predictions);
  }

  /**
   * Measures a run from its description.
   *
   * @param run what the run makes of the reference's anchors and probes
   * @return the reading
   * @throws IllegalArgumentException if the description is not of the same anchors and probes,
   *     saying what differs
   */
  public Reading read(Description run) {
    reference.description().requireSameProbes("the run", run);
    Optional<long[]> predictions = run.predictions().map(NDArray::toLongArray);
    Optional<Rows> embeddings = run.embeddings().map(OnDevice::new);
    return read(Reference.copy(run.relative(), manager), embeddings, predictions);
  }

  /**
   * Measures a run from a file of its embeddings, on the device of the gauge.
   *
   * <p>That no anchor is a probe was checked when the reference was made, and is not checked again:
   * in half precision and few dimensions two inputs may well have one embedding.
   *
   * @param run what the run makes of the reference's anchors and probes
   * @return the reading
   * @throws IllegalArgumentException if the file is not of the same anchors and probes, saying what
   *     differs; told by its header where that is possible, before a number is read
   * @throws IOException if the file cannot be read
   */
  public Reading read(EmbeddingFile run) throws IOException {
    requireSameProbes(run);
    try (NDManager scratch = manager.newSubManager()) {
      return read(Description.ofDisjoint(run, scratch));
    }
  }

  /**
   * Refuses a file of other anchors and probes, as far as its header tells.
   *
   * @throws IllegalArgumentException if it is of others, saying what differs
   */
  void requireSameProbes(EmbeddingFile run) {
    reference.description().requireSameProbes("the run", run);
  }

  /**
   * The standard error of a run's score over the choice of anchors, see {@link Gauge#anchorError}.
   *
   * @param run what the run makes of the reference's anchors and probes
   * @return the standard error, absent where the score is undefined
   * @throws IllegalArgumentException if the description is not of as many anchors and probes
   */
  public OptionalDouble anchorError(Description run) {
    try (NDArray relative = Reference.copy(run.relative(), manager)) {
      return gauge.anchorError(relative);
    }
  }

  /** Uses the cosines up, and closes them. */
  private Reading read(NDArray relative, Optional<Rows> embeddings, Optional<long[]> predictions) {
    try (relative) {
      Companions others = companions.measure(relative, embeddings, predictions);
      return reading(gauge.measureAndClose(relative), others);
    }
  }

  private Reading reading(Measurement measurement, Companions others) {
    OptionalDouble floor = FixedPoint.scoreOf(reference.floor());
    OptionalDouble ceiling = FixedPoint.scoreOf(reference.ceiling());
    if (!(measurement.outcome() instanceof Score score)) {
      return new Reading(
          measurement, others, floor, ceiling, OptionalDouble.empty(), Optional.empty(), 0);
    }
    return new Reading(
        measurement,
        others,
        floor,
        ceiling,
        reference.gaugedScore(score.value()),
        reference.calibration().map(known -> known.predict(score.value())),
        reference.calibration().map(Calibration::fromStep).orElse(0L));
  }

  /** Releases the arrays on the device. */
  @Override
  public void close() {
    manager.close();
  }

  /** Rows from main memory on the device of whoever reads them. */
  private record OnDevice(Rows rows) implements Rows {

    @Override
    public long count() {
      return rows.count();
    }

    @Override
    public long dimensions() {
      return rows.dimensions();
    }

    @Override
    public NDArray read(Range range, NDManager target) {
      NDArray read = rows.read(range, target).toDevice(target.getDevice(), false);
      read.attach(target);
      return read;
    }
  }
}
