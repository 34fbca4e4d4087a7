package dev.latentgauge.collector.scoring;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.ReferenceMaker;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.KeptSketch;
import dev.latentgauge.collector.store.SketchKey;
import dev.latentgauge.collector.store.SketchReport;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.probe.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores embeddings that other programs made, and makes references of them.
 *
 * <p>That happens on a few threads of its own, on the engine's default device, a GPU if it has one.
 * The engine is loaded when it is first needed. Whoever wants something takes a place first, before
 * it receives a byte, so that work that waits is bounded and who is not let in knows at once.
 *
 * <p>Thread-safe. Stages fail with a {@link Rejection} unless something broke.
 */
public final class Scoring implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Longer than the largest files take that are let in. */
  private static final Duration STUCK = Duration.ofMinutes(10);

  /** More wait for their answer than anybody looks at. */
  private static final int COMPARISONS = 16;

  private final Places places;
  private final Places comparisons;
  private final ReferenceMaker maker;
  private final ReferenceLibrary library;
  private final Ingest ingest;
  private final Store store;
  private final EngineLoader engine;
  private final InstantSource clock;
  private final InstantSource stopwatch;
  private final Durations times = new Durations();
  private final Scorer scorer;
  private final ExecutorService threads;
  private final ExecutorService comparer;
  private final Map<Thread, Instant> busySince = new ConcurrentHashMap<>();
  private final int scorers;
  private boolean engineReady;

  /**
   * A place to score.
   *
   * @param limits how much at once
   * @param library the references
   * @param ingest takes what is scored
   * @param store has what was scored before
   * @param engine makes the engine ready
   * @param clock says what time it is
   * @param stopwatch says how long something takes
   */
  public Scoring(
      ScoringLimits limits,
      ReferenceLibrary library,
      Ingest ingest,
      Store store,
      EngineLoader engine,
      InstantSource clock,
      InstantSource stopwatch) {
    this.places = new Places(limits);
    this.comparisons =
        new Places(
            "comparisons that are made or wait",
            "comparisons must be made",
            Rejection.Reason.COMPARISONS,
            COMPARISONS,
            1);
    this.maker = new ReferenceMaker(library, limits.cosines(), clock);
    this.library = library;
    this.ingest = ingest;
    this.store = store;
    this.engine = engine;
    this.clock = clock;
    this.stopwatch = stopwatch;
    this.scorers = limits.scorers();
    this.scorer = new Scorer(library, scorers);
    this.threads = Executors.newFixedThreadPool(limits.scorers(), named("scorer-"));
    this.comparer = Executors.newSingleThreadExecutor(named("comparer-"));
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Loads the engine in the background if there are references, which will be scored against. */
  public void warmUp() {
    if (library.size() > 0) {
      threads.execute(
          () -> {
            try {
              requireEngine();
            } catch (Rejection e) {
              // It was logged, and whoever needs the engine will be told.
            }
          });
    }
  }

  /**
   * Takes a place, to be given back by {@link #leave}.
   *
   * @throws Rejection if all are taken, with the time to come again
   */
  public void enter() {
    places.take();
  }

  /** Gives a place back. */
  public void leave() {
    places.free();
  }

  /**
   * How many places are taken.
   *
   * @return a number, at least 0
   */
  public int entered() {
    return places.taken();
  }

  /**
   * How many references there are to score against.
   *
   * @return a number, at least 0
   */
  public int references() {
    return library.size();
  }

  /**
   * How long scoring took so far.
   *
   * @return the times, which go on to change
   */
  public Durations times() {
    return times;
  }

  /**
   * Hears of references that other collectors have kept or deleted, see {@link
   * ReferenceLibrary#refresh}. Needs a place.
   *
   * @return true
   */
  public CompletionStage<Boolean> refreshed() {
    return CompletableFuture.supplyAsync(
        () -> {
          library.refresh();
          return true;
        },
        threads);
  }

  /**
   * Keeps a reference, see {@link ReferenceMaker#put}. Needs a place.
   *
   * @param wish what it is to be
   * @param upload a file of a reference or of embeddings
   * @return what is kept
   */
  public CompletionStage<ReferenceLibrary.Kept> keep(ReferenceMaker.Wish wish, Path upload) {
    return work(() -> maker.put(wish, upload));
  }

  /**
   * What became of embeddings.
   *
   * @param observation as it is stored
   * @param appended whether it is new
   * @param sketched what became of their sketch, if one was wanted
   */
  public record Scored(Observation observation, Appended appended, Optional<Sketched> sketched) {}

  /**
   * Scores embeddings and stores the observation. Needs a place.
   *
   * <p>The same file again for the same key is not scored again: it counts as a duplicate. That
   * there is no sketch of them does not undo the observation.
   *
   * @param report what is said of them
   * @param reference what to score them against
   * @param probes what tells their anchors and probes from others, if a sketch is to be kept too
   * @param upload a file of embeddings
   * @return what became of them
   */
  public CompletionStage<Scored> score(
      EmbeddingReport report, StoredReference reference, Optional<String> probes, Path upload) {
    return work(
        () -> {
          Scored scored = scored(report, reference, upload);
          return new Scored(
              scored.observation(),
              scored.appended(),
              probes.map(told -> sketchedOrNot(report, told, upload)));
        });
  }

  private Sketched sketchedOrNot(EmbeddingReport report, String probes, Path upload) {
    try {
      return sketched(report, probes, upload);
    } catch (Rejection | IOException e) {
      return new Sketched(
          new SketchKey(report.layer(), probes),
          Optional.empty(),
          Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * What became of a sketch of embeddings.
   *
   * @param key of which layer and probes it is
   * @param kept which one is kept now; empty if it was refused
   * @param refusal why it was, if it was
   */
  public record Sketched(SketchKey key, Optional<KeptSketch> kept, Optional<String> refusal) {}

  /**
   * Keeps a sketch of embeddings, by which their run is compared with others. Needs a place.
   *
   * @param report what is said of them
   * @param probes what tells their anchors and probes from others
   * @param upload a file of embeddings
   * @return what became of it
   */
  public CompletionStage<Sketched> sketch(EmbeddingReport report, String probes, Path upload) {
    return work(() -> sketched(report, probes, upload));
  }

  private Sketched sketched(EmbeddingReport report, String probes, Path upload) throws IOException {
    SketchKey key = new SketchKey(report.layer(), probes);
    SketchReport sketch =
        new SketchReport(
            key,
            report.attempt(),
            report.step(),
            report.epoch(),
            report.time(),
            scorer.sketch(upload));
    return new Sketched(
        key, Optional.of(await(ingest.keep(report.run(), sketch))), Optional.empty());
  }

  private Scored scored(EmbeddingReport report, StoredReference reference, Path upload)
      throws IOException {
    String digest = Fingerprint.ofFile(upload);
    Optional<Scored> before = before(report, reference, digest);
    if (before.isPresent()) {
      return before.get();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant start = stopwatch.instant();
    Scorer.Result result = scorer.measure(reference, upload);
    times.add(Duration.between(start, stopwatch.instant()));
    Observation observation = report.observation(reference, result, digest, now);
    try {
      Appended appended = await(ingest.observe(report.run(), observation));
      return new Scored(observation, appended, Optional.empty());
    } catch (Rejection e) {
      if (e.reason() != Rejection.Reason.CONFLICT) {
        throw e;
      }
      // The same file may have been sent twice at once.
      return before(report, reference, digest).orElseThrow(() -> e);
    }
  }

  /** What these embeddings were scored before. */
  private Optional<Scored> before(
      EmbeddingReport report, StoredReference reference, String digest) {
    return await(store.observation(report.run(), report.key(reference.id())))
        .filter(known -> known.embeddings().filter(digest::equals).isPresent())
        .map(
            known ->
                new Scored(known, new Appended(0, 1, directive(report.run())), Optional.empty()));
  }

  private Directive directive(String run) {
    return await(store.find(run)).map(Run::directive).orElse(Directive.CONTINUE);
  }

  /**
   * Whether there are threads to score on.
   *
   * @return what is wrong with them; empty if nothing is
   */
  public Optional<String> complaint() {
    if (threads.isShutdown()) {
      return Optional.of("the threads that score have ended");
    }
    Instant limit = stopwatch.instant().minus(STUCK);
    long stuck = busySince.values().stream().filter(limit::isAfter).count();
    return stuck < scorers
        ? Optional.empty()
        : Optional.of(
            "all threads that score have been busy with one file for "
                + STUCK.toMinutes()
                + " minutes and more");
  }

  private <T> CompletionStage<T> work(Callable<T> work) {
    return work(
        threads,
        places,
        () -> {
          busySince.put(Thread.currentThread(), stopwatch.instant());
          try {
            return work.call();
          } finally {
            busySince.remove(Thread.currentThread());
          }
        });
  }

  /**
   * Computes something that nobody sent, on a thread and in a place of its own, so that those who
   * read do not keep those waiting who report.
   *
   * @throws Rejection if too many do, with the time to come again
   */
  <T> CompletionStage<T> compute(Callable<T> work) {
    comparisons.take();
    return work(comparer, comparisons, work).whenComplete((result, failure) -> comparisons.free());
  }

  private <T> CompletionStage<T> work(Executor executor, Places served, Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    executor.execute(
        () -> {
          Instant start = stopwatch.instant();
          try {
            requireEngine();
            done.complete(work.call());
          } catch (Exception | Error e) {
            done.completeExceptionally(e);
          } finally {
            served.served(Duration.between(start, stopwatch.instant()));
          }
        });
    return done;
  }

  private synchronized void requireEngine() {
    if (engineReady) {
      return;
    }
    try {
      engine.load();
      engineReady = true;
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.error("the engine cannot be loaded, and nothing be scored: {}", e.getMessage());
      throw new Rejection(
          Rejection.Reason.ENGINE,
          Optional.empty(),
          "the collector's engine cannot be loaded; its log says why");
    }
  }

  /** What a stage came to, or the failure itself. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Finishes what is being scored, and lets go of the threads. */
  @Override
  public void close() {
    comparer.shutdownNow();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    scorer.close();
  }
}
