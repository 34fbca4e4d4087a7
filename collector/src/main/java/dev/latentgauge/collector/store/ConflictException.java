package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;

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

  static ConflictException ended(Run run) {
    return new ConflictException(
        "the run "
            + run.name()
            + " must be live to be told what to do, but is "
            + run.state().text());
  }

  /**
   * Another policy has the name.
   *
   * @param name the name
   * @return what is to be thrown
   */
  public static ConflictException otherPolicy(String name) {
    return new ConflictException(
        "the policy "
            + name
            + " is another one: delete it with what it has decided, or choose another name");
  }

  /**
   * There are too many policies.
   *
   * @param most how many there may be
   * @return what is to be thrown
   */
  public static ConflictException tooManyPolicies(int most) {
    return new ConflictException(
        "policies must be at most " + most + ", and as many are there: delete some");
  }

  static ConflictException otherStart(RunInfo known, Instant knownStart, Instant start) {
    return new ConflictException(
        "the run "
            + known.name()
            + ", attempt "
            + known.attempt()
            + ", was started at "
            + knownStart
            + ", not at "
            + start
            + "; a training that starts anew needs a new attempt, such as "
            + (known.attempt() + 1)
            + ", or another name");
  }
}
