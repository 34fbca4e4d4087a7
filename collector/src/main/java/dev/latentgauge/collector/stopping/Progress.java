package dev.latentgauge.collector.stopping;

import dev.latentgauge.collector.store.Decision;
import dev.latentgauge.collector.store.Standing;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.stopping.StopPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far an attempt of a run has come in the eyes of a policy. Immutable.
 *
 * @param attempt of the run
 * @param step the last that was looked at; -1 if none was
 * @param value the last that there was; absent if there was none
 * @param checkpoint the last that was passed; 0 if none was
 * @param open how the run stood there, if that is still to be decided
 */
record Progress(
    int attempt, long step, OptionalDouble value, double checkpoint, Optional<Standing> open) {

  static Progress none(int attempt) {
    return new Progress(attempt, -1, OptionalDouble.empty(), 0, Optional.empty());
  }

  /** Goes on from what was decided last. */
  static Progress since(Decision decision) {
    Standing standing = decision.standing();
    boolean isOpen = decision.verdict().isUndecided();
    return new Progress(
        standing.attempt(),
        standing.step(),
        OptionalDouble.of(standing.value()),
        standing.checkpoint(),
        Optional.of(standing).filter(last -> isOpen));
  }

  /** The same, with nothing to be decided. */
  Progress decided() {
    return new Progress(attempt, step, value, checkpoint, Optional.empty());
  }

  /** The other one, unless it is of an earlier attempt, or has not come as far. */
  Progress orFurther(Progress other) {
    boolean isBehind = other.attempt < attempt || (other.attempt == attempt && other.step < step);
    return isBehind ? this : other;
  }

  /**
   * Looks at observations.
   *
   * @param more those of the series beyond the last step, in their order
   */
  Progress after(List<Observation> more, String run, StopPolicy policy) {
    int bracket = policy.rule().bracket(run);
    Progress progress = this;
    for (Observation observation : more) {
      progress = progress.after(observation, run, bracket, policy);
    }
    return progress;
  }

  private Progress after(Observation observation, String run, int bracket, StopPolicy policy) {
    OptionalDouble observed = policy.watch().of(observation);
    OptionalDouble last = observed.isPresent() ? observed : value;
    long at = observation.key().step();
    double reached = policy.rule().checkpoint(bracket, policy.resource().of(observation)).orElse(0);
    if (reached <= checkpoint) {
      return new Progress(attempt, at, last, checkpoint, open);
    }
    Optional<Standing> passed =
        last.stream()
            .mapToObj(there -> new Standing(run, attempt, bracket, reached, at, there))
            .findFirst();
    return new Progress(attempt, at, last, reached, passed);
  }
}
