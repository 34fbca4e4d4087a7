package dev.latentgauge.agent;

import java.util.Optional;

/** How far a training is, counted from what its listeners are told. */
final class Progress {

  private final long stepsBefore;
  private final long epochsBefore;
  private long batches;
  private long epochs;
  private long batchesInWholeEpochs;
  private long measuredAt = -1;
  private boolean validated;
  private boolean validatedEpoch;
  private boolean trainedEpoch;

  /** Starts from where an earlier process was, or from nothing. */
  Progress(Optional<MonitorState> before) {
    this.stepsBefore = before.map(MonitorState::step).orElse(0L);
    this.epochsBefore = before.map(MonitorState::epoch).orElse(0L);
  }

  /** A batch has been passed back, and not yet used for an update; answers the updates so far. */
  long batch() {
    return stepsBefore + batches++;
  }

  /** A pass over the data is complete. */
  void epoch() {
    epochs++;
    trainedEpoch = batches > batchesInWholeEpochs;
    batchesInWholeEpochs = batches;
    validatedEpoch = validated;
    validated = false;
  }

  /** A batch was used for validation. */
  void validated() {
    validated = true;
  }

  /** Whether the loop told of batches in the last whole epoch. */
  boolean trainedEpoch() {
    return trainedEpoch;
  }

  /** Whether the last whole epoch had a validation. */
  boolean validatedEpoch() {
    return validatedEpoch;
  }

  /** Batches that this process was told of. */
  long batches() {
    return batches;
  }

  /** Whether a loop that does not tell of its batches has come to the end of its first epoch. */
  boolean isFirstEpochWithoutBatches() {
    return batches == 0 && epochs == 1;
  }

  /** Updates so far; in a loop that does not tell of its batches, epochs. */
  long steps() {
    return stepsBefore + (batches > 0 ? batches : epochs);
  }

  /** Updates before this process. */
  long stepsBefore() {
    return stepsBefore;
  }

  /** Whole passes over the data so far. */
  long epochs() {
    return epochsBefore + epochs;
  }

  /** Whether batches came after an epoch; a loop that tells of no epoch has none to be within. */
  boolean isWithinAnEpoch() {
    return epochs > 0 && batches > batchesInWholeEpochs;
  }

  /** Batches since the last whole epoch. */
  long batchesOfPartEpoch() {
    return batches - batchesInWholeEpochs;
  }

  /** Whether a measurement at a step would be the first there; it then counts as made. */
  boolean isNewAt(long steps) {
    boolean isNew = measuredAt != steps;
    measuredAt = steps;
    return isNew;
  }
}
