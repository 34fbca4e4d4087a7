package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.reference.SketchFile;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is to be changed in one run.
 *
 * @param <T> what it comes to
 */
interface Change<T> {

  /** The name of the run. */
  String run();

  /** The observations that it adds, as they are written. */
  default Collection<Written> observations() {
    return List.of();
  }

  /** The sketch that it may add or replace. */
  default Optional<SketchKey> sketch() {
    return Optional.empty();
  }

  /** The checkpoint of a policy at which it has a run compared. */
  default Optional<Checkpoint> checkpoint() {
    return Optional.empty();
  }

  /**
   * Decides. What is refused throws a {@link ConflictException} or a {@link CapacityException}, and
   * has staged nothing.
   */
  T decide(Ledger ledger);

  /**
   * An observation and its document.
   *
   * @param document its JSON in ASCII
   */
  record Written(Observation observation, String document) {
    static Written of(Observation observation) {
      return new Written(observation, Ascii.json(Wire.write(observation)));
    }
  }

  /**
   * A sketch and what is stored of it.
   *
   * @param digest the SHA-256 of the content
   * @param content the sketch as {@link SketchFile} writes it
   */
  record WrittenSketch(SketchReport report, Instant receivedAt, String digest, ByteBuffer content) {
    static WrittenSketch of(SketchReport report, Instant receivedAt) {
      byte[] content = SketchFile.bytes(report.sketch());
      return new WrittenSketch(
          report, receivedAt, Fingerprint.ofBytes(content), ByteBuffer.wrap(content));
    }

    Sketched sketched() {
      return new Sketched(report.attempt(), report.step(), digest, content.capacity());
    }
  }

  /**
   * Where runs are compared.
   *
   * @param policy the number of the policy
   */
  record Checkpoint(long policy, int bracket, double at) {}

  /**
   * How a run stood at a checkpoint.
   *
   * @param isUndecided whether there were too few others to decide anything
   */
  record Peer(int attempt, double value, boolean isUndecided) {
    Peer ofTheLaterAttempt(Peer other) {
      return other.attempt > attempt ? other : this;
    }
  }

  /** What must be known of a sketch to decide whether another takes its place. */
  record Sketched(int attempt, long step, String digest, long bytes) {
    boolean isLaterThan(SketchReport other) {
      return attempt > other.attempt() || (attempt == other.attempt() && step > other.step());
    }
  }
}
