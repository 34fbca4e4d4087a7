package dev.latentgauge.reference;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Measurement;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that was measured of a run against a reference at one time, and the ends of the reference's
 * scale.
 *
 * @param measurement the score, or why there is none, and what each probe contributed
 * @param companions other numbers from the same embeddings
 * @param scoreFloor what an untrained model scores against the reference, at most 1; absent if the
 *     reference does not know it
 * @param scoreCeiling what a second good training scores against the reference, at most 1; absent
 *     if the reference does not know it
 * @param gaugedScore where the score lies between floor and ceiling of the reference; absent if it
 *     is undefined or the reference does not know both
 * @param predictedAccuracy what accuracy the score means, under the condition of {@link
 *     Calibration}; absent if it is undefined or the reference is not calibrated
 * @param predictedFromStep from which step of a training on that is meant, see {@link
 *     Calibration#from}
 */
public record Reading(
    Measurement measurement,
    Companions companions,
    OptionalDouble scoreFloor,
    OptionalDouble scoreCeiling,
    OptionalDouble gaugedScore,
    Optional<PredictedAccuracy> predictedAccuracy,
    long predictedFromStep) {

  /**
   * What accuracy the score means at a step of a training.
   *
   * @param step optimiser updates so far
   * @return the prediction; absent also before the step from which it is meant
   */
  public Optional<PredictedAccuracy> predictedAccuracyAt(long step) {
    return step < predictedFromStep ? Optional.empty() : predictedAccuracy;
  }

  /**
   * A reading of nothing.
   *
   * @param reference what a run was to be compared with
   * @param reason why, a short phrase for people
   * @return a reading without a score and companions; the ends of the scale are the reference's
   */
  public static Reading undefined(Reference reference, String reason) {
    return new Reading(
        Measurement.undefined(reason),
        Companions.NONE,
        FixedPoint.scoreOf(reference.floor()),
        FixedPoint.scoreOf(reference.ceiling()),
        OptionalDouble.empty(),
        Optional.empty(),
        0);
  }
}
