package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;

/** A change contradicts what is stored; nothing of it was made. */
public final class ConflictException extends RuntimeException {

  private ConflictException(String message) {
    super(message);
  }

  static ConflictException otherContent(String run, Observation.Key key) {
    return new ConflictException(
        "the run "
            + run
            + " has an observation with other content for attempt "
            + key.attempt()
            + ", layer "
            + key.layer()
            + ", reference "
            + key.reference()
            + ", step "
            + key.step()
            + "; a run that is started again needs a new attempt");
  }

  static ConflictException olderAttempt(String run, int attempt, int current) {
    return new ConflictException(
        "attempt must be at least "
            + current
            + ", at which the run "
            + run
            + " is, but is "
            + attempt);
  }
}
