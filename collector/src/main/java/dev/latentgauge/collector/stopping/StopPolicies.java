package dev.latentgauge.collector.stopping;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.ConflictException;
import dev.latentgauge.collector.store.Decision;
import dev.latentgauge.collector.store.ObservationFilter;
import dev.latentgauge.collector.store.ObservationQuery;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.collector.store.StoredPolicy;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that are in force, and what they do when a run reports.
 *
 * <p>They look at runs that are told to go on and nothing more: one that was told to stop is judged
 * already, and one that somebody told to go on for a reason is spared until its next attempt.
 *
 * <p>They look at a run only after its report is stored, and only at what is stored: a policy that
 * fails keeps nobody's report, and what one has not looked at it looks at with the next report. Of
 * the checkpoints that a run has passed since the last look, the last one counts: nobody is stopped
 * for what is long past. Each is decided once for each attempt, in the one order in which the store
 * makes all changes, and is stored together with what the run is told.
 *
 * <p>Thread-safe. A report of a run that by its name no policy concerns costs nothing; one that a
 * policy concerns costs a read of the run, one of what is new, and at a checkpoint a change of the
 * store.
 */
public final class StopPolicies implements AutoCloseable {

  /** The most policies at once. */
  public static final int MOST = 100;

  private static final Logger LOG = LoggerFactory.getLogger(StopPolicies.class);

  private static final int OBSERVATIONS_AT_ONCE = 1_000;
  private static final int MOST_PROGRESSES = 100_000;
  private static final int MOST_RESUMED = 1_000;
  private static final int THREADS = 4;

  /** What is decided later, a run hears with the answer to its next report. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * More reports are answered without a look: what they have brought is looked at with the next.
   */
  private static final int MOST_WAITING = 1_000;

  private static final Page<Observation> NOTHING = new Page<>(List.of(), false);

  private final Store store;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          work -> {
            Thread thread = new Thread(work, "stop-policies");
            thread.setDaemon(true);
            return thread;
          });
  private volatile List<StoredPolicy> policies = List.of();

  /** Guarded by itself; what is missing is found out again. */
  private final Map<Concern, Progress> progresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Concern, Progress> eldest) {
          return size() > MOST_PROGRESSES;
        }
      };

  /** A run that a policy looks at; one that was deleted may come again under its name. */
  private record Concern(long policy, String run, Instant registeredAt) {}

  /**
   * No policies yet; {@link #refresh} finds those that there are.
   *
   * @param store where they are
   */
  public StopPolicies(Store store) {
    this.store = store;
  }

  /**
   * Finds out which policies there are; to be called now and then. May block for milliseconds.
   *
   * @return false if that could not be found out; then they are as they were
   */
  public synchronized boolean refresh() {
    try {
      policies = await(store.policies());
      return true;
    } catch (CompletionException e) {
      LOG.warn(
          "policies could not be read, and are as they were: {}",
          Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("unknown"));
      return false;
    }
  }

  /**
   * The policies that were in force when they were last looked for.
   *
   * @return the policies by name
   */
  public List<StoredPolicy> known() {
    return policies;
  }

  /**
   * A policy that is defined now.
   *
   * @param isNew false if it was defined before
   */
  public record Defined(StoredPolicy policy, boolean isNew) {}

  /**
   * Defines a policy; once more is as good as once.
   *
   * @param policy the policy
   * @param now the time
   * @return the policy; fails with a {@link ConflictException} if another one has its name, or
   *     there are {@value #MOST} already
   */
  public CompletionStage<Defined> define(StopPolicy policy, Instant now) {
    return store
        .policies()
        .thenCompose(
            before -> {
              boolean isKnown =
                  before.stream().anyMatch(stored -> stored.policy().name().equals(policy.name()));
              if (!isKnown && before.size() >= MOST) {
                throw ConflictException.tooManyPolicies(MOST);
              }
              return store
                  .define(policy, now)
                  .thenApply(stored -> new Defined(requireSame(stored, policy), !isKnown));
            })
        .thenApply(this::refreshed);
  }

  private static StoredPolicy requireSame(StoredPolicy stored, StopPolicy policy) {
    if (!stored.policy().equals(policy)) {
      throw ConflictException.otherPolicy(policy.name());
    }
    return stored;
  }

  /**
   * Deletes a policy and what it has decided.
   *
   * @param policy the name of the policy
   * @return whether there was one
   */
  public CompletionStage<Boolean> delete(String policy) {
    return store.deletePolicy(policy).thenApply(this::refreshed);
  }

  private <T> T refreshed(T result) {
    refresh();
    return result;
  }

  /**
   * Looks at a run that has reported.
   *
   * @param run the name of the run
   * @param appended what became of the report
   * @param now the time
   * @return the same, with what the run is told now; never fails
   */
  public CompletionStage<Appended> consider(String run, Appended appended, Instant now) {
    boolean isOfConcern =
        appended.directive().equals(Directive.CONTINUE)
            && policies.stream().anyMatch(stored -> stored.policy().group().mayHave(run));
    if (!isOfConcern) {
      return CompletableFuture.completedFuture(appended);
    }
    try {
      return CompletableFuture.supplyAsync(() -> considered(run, appended, now), threads)
          .completeOnTimeout(appended, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .exceptionally(
              failure -> {
                report(run, failure);
                return appended;
              });
    } catch (RejectedExecutionException e) {
      LOG.debug("no policy looked at the run {}: too many wait for that", run);
      return CompletableFuture.completedFuture(appended);
    }
  }

  private Appended considered(String run, Appended appended, Instant now) {
    Optional<Run> found = await(store.find(run));
    boolean isLookedAt = false;
    for (StoredPolicy stored : policies) {
      Optional<Series> series = found.flatMap(known -> concerned(stored.policy(), known));
      if (series.isPresent()) {
        isLookedAt = true;
        lookOrReport(stored, found.get(), series.get(), now);
      }
    }
    return isLookedAt ? told(appended, await(store.find(run))) : appended;
  }

  private static Appended told(Appended appended, Optional<Run> run) {
    return new Appended(
        appended.accepted(),
        appended.duplicates(),
        run.map(Run::directive).orElse(appended.directive()));
  }

  /** The next report of the run is looked at again, with all that was not. */
  private static void report(String run, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof StoreException) {
      LOG.debug("no policy looked at the run {}", run, cause);
    } else {
      LOG.error("no policy could look at the run {}", run, cause);
    }
  }

  /**
   * What a policy looks at of a run.
   *
   * @param policy the policy
   * @param run a run
   * @return the one series that it watches; empty if the run is not of its group, or has no such
   *     series, or several
   */
  public static Optional<Series> concerned(StopPolicy policy, Run run) {
    if (!policy.group().has(run.info())) {
      return Optional.empty();
    }
    List<Series> watched = watched(policy, run);
    return watched.size() == 1 ? Optional.of(watched.get(0)) : Optional.empty();
  }

  /**
   * What a policy could look at of a run of its group.
   *
   * @param policy the policy
   * @param run a run
   * @return its series of the policy's layer and reference; there should be one
   */
  public static List<Series> watched(StopPolicy policy, Run run) {
    return run.series().keySet().stream()
        .filter(series -> policy.watches(series.layer(), series.reference()))
        .toList();
  }

  /** One that fails must not keep the others from it. */
  private void lookOrReport(StoredPolicy stored, Run run, Series series, Instant now) {
    try {
      look(stored, run, series, now);
    } catch (RuntimeException e) {
      report(run.name(), e);
    }
  }

  /** Lets a policy look at what is new of a run. */
  private void look(StoredPolicy stored, Run run, Series series, Instant now) {
    Concern concern = new Concern(stored.id(), run.name(), run.registeredAt());
    Progress progress = progress(concern, run.attempt()).orElseGet(() -> resumed(stored, run));
    Page<Observation> page;
    do {
      page = await(store.observations(beyond(progress, run, series))).orElse(NOTHING);
      progress = progress.after(page.items(), run.name(), stored.policy());
      keep(concern, progress);
    } while (page.more());
    if (progress.open().isPresent()) {
      Optional<Decision> decision = await(store.decide(stored, progress.open().get(), now));
      decision.ifPresent(StopPolicies::log);
      if (decision.filter(made -> made.verdict().isUndecided()).isEmpty()) {
        keep(concern, progress.decided());
      }
    }
  }

  /** Where it was before this process, or before others took the place in memory. */
  private Progress resumed(StoredPolicy stored, Run run) {
    return await(store.decisionsOfRun(run.name(), run.attempt(), MOST_RESUMED)).stream()
        .filter(decision -> decision.policy().equals(stored.policy().name()))
        .findFirst()
        .map(Progress::since)
        .orElseGet(() -> Progress.none(run.attempt()));
  }

  private static ObservationQuery beyond(Progress progress, Run run, Series series) {
    ObservationFilter filter =
        ObservationFilter.ALL
            .of(Optional.of(series.layer()), Optional.of(series.reference()))
            .of(OptionalInt.of(progress.attempt()))
            .between(OptionalLong.of(progress.step() + 1), OptionalLong.empty());
    return new ObservationQuery(run.name(), filter, Optional.empty(), OBSERVATIONS_AT_ONCE);
  }

  private static void log(Decision decision) {
    if (decision.verdict().action() == Verdict.Action.STOP) {
      LOG.info(
          "the run {} is told to stop by {}: {}",
          decision.standing().run(),
          decision.policy(),
          decision.reason());
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Optional<Progress> progress(Concern concern, int attempt) {
    synchronized (progresses) {
      return Optional.ofNullable(progresses.get(concern))
          .filter(known -> known.attempt() == attempt);
    }
  }

  private void keep(Concern concern, Progress progress) {
    synchronized (progresses) {
      progresses.merge(concern, progress, Progress::orFurther);
    }
  }

  /** Looks at no further run; what has begun goes on as long as the store takes it. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
