package dev.latentgauge.collector.ingest;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.CapacityException;
import dev.latentgauge.collector.store.ConflictException;
import dev.latentgauge.collector.store.KeptSketch;
import dev.latentgauge.collector.store.SketchReport;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.observation.WireException;
import dev.latentgauge.stopping.PolicyWire;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes reports in: decodes them, checks them, stores them, and counts what it refuses.
 *
 * <p>Thread-safe. Decoding happens on the thread of the caller and takes up to tens of milliseconds
 * for a large report. A stage that fails does so with a {@link Rejection}, unless the store broke.
 */
public final class Ingest {

  private final Store store;
  private final StopPolicies policies;
  private final Tally tally;
  private final InstantSource clock;
  private final int mostObservations;

  /**
   * A way into a store.
   *
   * @param store where to put what is taken
   * @param policies look at runs that report
   * @param tally counts what is refused
   * @param clock says when it was taken
   * @param mostObservations the most observations in one report, at least 1
   */
  public Ingest(
      Store store, StopPolicies policies, Tally tally, InstantSource clock, int mostObservations) {
    this.store = store;
    this.policies = policies;
    this.tally = tally;
    this.clock = clock;
    this.mostObservations = mostObservations;
  }

  /**
   * Registers a run, or says anew what is known of it.
   *
   * @param run the name of the run
   * @param body what is known, as {@link Wire} writes it, in UTF-8
   * @return the run
   */
  public CompletionStage<Run> register(String run, byte[] body) {
    return translated(() -> store.register(Wire.readRun(requireName(run), text(body)), now()));
  }

  /**
   * Stores the observations of a report, all or none.
   *
   * @param run the name of the run, which need not be known
   * @param body the report, as {@link Wire} writes it, in UTF-8
   * @return what became of them
   */
  public CompletionStage<Appended> observe(String run, byte[] body) {
    return append(run, () -> Wire.readObservations(text(body), mostObservations));
  }

  /**
   * Stores an observation that was made here.
   *
   * @param run the name of the run, which need not be known
   * @param observation the observation
   * @return what became of it
   */
  public CompletionStage<Appended> observe(String run, Observation observation) {
    return append(run, () -> List.of(observation));
  }

  private CompletionStage<Appended> append(String run, Supplier<List<Observation>> observations) {
    return translated(() -> store.append(requireName(run), observations.get(), now()))
        .thenCompose(appended -> policies.consider(run, appended, now()));
  }

  /**
   * Defines a policy that stops runs.
   *
   * @param name the name of the policy
   * @param body the policy, as {@link PolicyWire} writes it, in UTF-8
   * @return the policy; fails with a {@link Rejection} if another one has the name
   */
  public CompletionStage<StopPolicies.Defined> define(String name, byte[] body) {
    return translated(() -> policies.define(PolicyWire.read(name, text(body)), now()));
  }

  /**
   * Keeps a sketch, unless a later one is there.
   *
   * @param run the name of the run, which need not be known
   * @param report the sketch
   * @return what became of it
   */
  public CompletionStage<KeptSketch> keep(String run, SketchReport report) {
    return translated(() -> store.keep(requireName(run), report, now()));
  }

  /**
   * Ends a run.
   *
   * @param run the name of the run
   * @param body the end, as {@link Wire} writes it, in UTF-8
   * @return the ended run; empty if it is unknown
   */
  public CompletionStage<Optional<Run>> end(String run, byte[] body) {
    return translated(() -> store.end(requireName(run), Wire.readEnd(text(body)), now()));
  }

  /**
   * Tells a run what to do.
   *
   * @param run the name of the run
   * @param body the directive, as {@link Wire} writes it, in UTF-8
   * @return the run; empty if it is unknown
   */
  public CompletionStage<Optional<Run>> direct(String run, byte[] body) {
    return translated(() -> store.direct(requireName(run), Wire.readDirective(text(body))));
  }

  /**
   * Deletes a run with its observations.
   *
   * @param run the name of the run
   * @return whether there was one
   */
  public CompletionStage<Boolean> delete(String run) {
    return translated(() -> store.delete(requireName(run)));
  }

  /**
   * Counts a report that was refused, here or before it got here.
   *
   * @param rejection the refusal
   */
  public void refused(Rejection rejection) {
    tally.reject(rejection.reason());
  }

  private static <T> CompletionStage<T> translated(Supplier<CompletionStage<T>> work) {
    CompletionStage<T> stage;
    try {
      stage = work.get();
    } catch (WireException | Rejection e) {
      stage = CompletableFuture.failedFuture(e);
    }
    return stage.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(translated(failure)));
  }

  private static Throwable translated(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RuntimeException e
        ? rejection(e).<Throwable>map(Function.identity()).orElse(e)
        : cause;
  }

  private static Optional<Rejection> rejection(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof Rejection rejection) {
      return Optional.of(rejection);
    } else if (failure instanceof WireException wire) {
      return Optional.of(
          new Rejection(
              Rejection.Reason.MALFORMED,
              Optional.of(wire.field()).filter(field -> !field.isEmpty()),
              message));
    } else if (failure instanceof ConflictException) {
      return Optional.of(new Rejection(Rejection.Reason.CONFLICT, Optional.empty(), message));
    } else if (failure instanceof CapacityException full) {
      return Optional.of(Rejection.of(full));
    } else if (failure instanceof StoreException trouble) {
      return Optional.of(Rejection.of(trouble));
    }
    return Optional.empty();
  }

  /** To the millisecond, which every store can keep and every client can read. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String requireName(String run) {
    try {
      return Names.require("the name of a run", run);
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          Rejection.Reason.MALFORMED, Optional.of("run"), String.valueOf(e.getMessage()));
    }
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Rejection(
          Rejection.Reason.MALFORMED, Optional.empty(), "the body must be UTF-8, but is not");
    }
  }
}
