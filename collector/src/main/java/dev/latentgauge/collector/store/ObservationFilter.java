package dev.latentgauge.collector.store;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which observations of a run are meant; all conditions that are given must hold.
 *
 * @param layer only of this layer
 * @param reference only against this reference
 * @param attempt only of this attempt
 * @param fromStep only at this step or later
 * @param toStep only at this step or earlier
 */
public record ObservationFilter(
    Optional<String> layer,
    Optional<String> reference,
    OptionalInt attempt,
    OptionalLong fromStep,
    OptionalLong toStep) {

  /** All observations. */
  public static final ObservationFilter ALL =
      new ObservationFilter(
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /**
   * Narrows it down to a layer, a reference or both.
   *
   * @param only the layer, if it matters
   * @param against the reference, if it matters
   * @return a copy with them
   */
  public ObservationFilter of(Optional<String> only, Optional<String> against) {
    return new ObservationFilter(only, against, attempt, fromStep, toStep);
  }

  /**
   * Narrows it down to an attempt.
   *
   * @param only the attempt, if it matters
   * @return a copy with it
   */
  public ObservationFilter of(OptionalInt only) {
    return new ObservationFilter(layer, reference, only, fromStep, toStep);
  }

  /**
   * Narrows it down to some steps.
   *
   * @param from the first, if it matters
   * @param to the last, if it matters
   * @return a copy with them
   */
  public ObservationFilter between(OptionalLong from, OptionalLong to) {
    return new ObservationFilter(layer, reference, attempt, from, to);
  }
}
