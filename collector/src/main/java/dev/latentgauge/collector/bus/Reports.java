package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.delivery.Causes;
import dev.latentgauge.observation.TopicAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings reports into the store, however often that must be tried, and keeps those that are refused
 * for good.
 *
 * <p>While the history cannot be used, reports wait. One that is refused for want of room, or whose
 * handling fails, waits too; but if it is this one alone that has no place, since its run has
 * reached a limit or since others are stored meanwhile, it is refused after a while, so that nobody
 * has to wait behind it for ever. Of several observations in one report those are refused that
 * would be by themselves.
 *
 * <p>Everything happens on one thread, to which stages come back.
 */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  /** How long a report that alone has no room is tried. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** No names of a run and reason. */
  private static final String UNKEPT = "";

  private static final String UNTOLD = " ";

  private final Ingest ingest;
  private final Store store;
  private final InstantSource stopwatch;
  private final int mostBytes;
  private final Executor thread;
  private final Outbox outbox;
  private final Standings standings;

  /**
   * Of each run what it was told last, since when its reports are without room, what was logged.
   */
  private final Recent<TopicAnswer> told = new Recent<>();

  private final Recent<Want> wants = new Recent<>();
  private final Recent<Boolean> complaints = new Recent<>();
  private boolean historyIsAway;
  private volatile boolean isCrowded;
  private Instant tellsAfter = Instant.MIN;

  /** When reports of a run began to have no room, and how many observations were stored by then. */
  private record Want(Instant since, long stored) {}

  private static final class Task {
    final ConsumerRecord<byte[], byte[]> message;
    final Lane lane;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final Pause pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE);

    Task(ConsumerRecord<byte[], byte[]> message, Lane lane) {
      this.message = message;
      this.lane = lane;
    }

    String run() {
      return Report.key(message);
    }
  }

  /**
   * Handles reports.
   *
   * @param mostBytes the most bytes in one
   * @param thread where all happens
   * @param waiting where it may wait for the database
   */
  Reports(
      Ingest ingest,
      Store store,
      InstantSource stopwatch,
      int mostBytes,
      Executor thread,
      Executor waiting,
      Outbox outbox) {
    this.ingest = ingest;
    this.store = store;
    this.stopwatch = stopwatch;
    this.mostBytes = mostBytes;
    this.thread = thread;
    this.outbox = outbox;
    this.standings = new Standings(ingest, store, thread, waiting);
  }

  /** Other collectors may have taken reports of any run, and told them something. */
  void forget() {
    thread.execute(
        () -> {
          standings.forget();
          told.clear();
        });
  }

  /** Says whether so many reports are under way that no others are read. */
  void crowd(boolean crowded) {
    isCrowded = crowded;
  }

  /**
   * Handles a report; may be called on any thread.
   *
   * @return completes when it is stored, or kept as refused; is cancelled if its lane was closed
   */
  CompletionStage<Void> handle(ConsumerRecord<byte[], byte[]> message, Lane lane) {
    Task task = new Task(message, lane);
    thread.execute(() -> unlessClosed(task, () -> attempt(task)));
    return task.done;
  }

  private static void unlessClosed(Task task, Runnable work) {
    if (task.lane.isClosed()) {
      task.done.cancel(false);
    } else {
      work.run();
    }
  }

  private void attempt(Task task) {
    stored(task.message)
        .whenCompleteAsync(
            (nothing, failure) -> {
              if (failure == null) {
                succeeded(task);
              } else {
                failed(task, Failures.cause(failure));
              }
            },
            thread);
  }

  private CompletionStage<Void> stored(ConsumerRecord<byte[], byte[]> message) {
    try {
      Report report = Report.of(message, mostBytes);
      return switch (report.kind()) {
        case REGISTRATION -> register(report);
        case OBSERVATIONS -> observe(report);
        case END -> end(report);
      };
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Void> register(Report report) {
    standings.forget(report.run());
    return standing(report).thenAccept(taken -> {});
  }

  private CompletionStage<Optional<Standings.Standing>> standing(Report report) {
    return report.registration().isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : standings.of(report.run(), report.registration().get()).thenApply(Optional::of);
  }

  private CompletionStage<Void> observe(Report report) {
    return standing(report)
        .thenCompose(
            standing ->
                ingest
                    .observe(report.run(), report.body())
                    .thenAcceptAsync(
                        appended ->
                            standing
                                .filter(training -> !training.isHistory())
                                .map(
                                    training ->
                                        TopicAnswer.of(training.run(), appended.directive()))
                                .ifPresent(answer -> tell(report.run(), answer)),
                        thread));
  }

  private CompletionStage<Void> end(Report report) {
    return standing(report)
        .thenCompose(
            standing ->
                standing.filter(Standings.Standing::isHistory).isPresent()
                    ? CompletableFuture.completedFuture(null)
                    : ended(report));
  }

  private CompletionStage<Void> ended(Report report) {
    return ingest
        .end(report.run(), report.body())
        .thenAccept(
            run -> {
              if (run.isEmpty()) {
                // Deleted since it was registered: the next try registers it again.
                thread.execute(() -> standings.forget(report.run()));
                throw new Rejection(
                    report.registration().isEmpty()
                        ? Rejection.Reason.CONFLICT
                        : Rejection.Reason.BUSY,
                    Optional.empty(),
                    "no run is named " + report.run());
              }
            });
  }

  private void succeeded(Task task) {
    wants.remove(task.run());
    if (historyIsAway) {
      historyIsAway = false;
      LOG.info("reports from Kafka are stored again");
    }
    task.done.complete(null);
  }

  private void failed(Task task, Throwable failure) {
    if (failure instanceof Standings.Refused refused) {
      tell(
          task.run(),
          TopicAnswer.refusal(refused.run(), String.valueOf(refused.why().getMessage())));
    }
    Rejection why = Failures.rejection(failure);
    boolean isForGood =
        switch (why.reason()) {
          case BUSY -> false;
          case HISTORY -> {
            historyFailed(why);
            yield false;
          }
          case SPACE, LIVE_RUNS, INTERNAL -> isAloneWithoutRoom(task, why, failure);
          default -> true;
        };
    if (isForGood) {
      refuseAlone(task, why, failure instanceof Standings.Refused);
    } else {
      again(task, () -> attempt(task));
    }
  }

  private void historyFailed(Rejection why) {
    if (!historyIsAway) {
      historyIsAway = true;
      LOG.warn("reports from Kafka wait, and are tried again: {}", why.getMessage());
    }
  }

  private boolean isAloneWithoutRoom(Task task, Rejection why, Throwable failure) {
    Want want = wants.get(task.run());
    if (want == null) {
      wants.put(task.run(), new Want(stopwatch.instant(), store.accepted()));
      LOG.warn(
          "reports of run {} in Kafka wait, and are tried again: {}", task.run(), why.getMessage());
      if (why.reason() == Rejection.Reason.INTERNAL) {
        LOG.error("the report at {} failed", Outbox.origin(task.message), failure);
      }
      return false;
    }
    boolean isAlone =
        switch (why.reason()) {
          case SPACE -> why.isOfRunAlone() || store.accepted() > want.stored;
          // What would make room may be among those that are not read.
          default -> isCrowded || store.accepted() > want.stored;
        };
    return isAlone && !stopwatch.instant().isBefore(want.since.plus(PATIENCE));
  }

  /**
   * Refuses a report; of several observations of a run that may report, those that are at fault.
   */
  private void refuseAlone(Task task, Rejection why, boolean isOfRefusedRun) {
    List<ConsumerRecord<byte[], byte[]>> alone =
        isOfRefusedRun ? List.of() : Report.apart(task.message);
    if (alone.isEmpty()) {
      refuse(task, why);
      return;
    }
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (ConsumerRecord<byte[], byte[]> one : alone) {
      done = done.thenCompose(before -> handle(one, task.lane));
    }
    done.whenComplete(
        (nothing, failure) -> {
          if (failure == null) {
            task.done.complete(null);
          } else {
            task.done.completeExceptionally(failure);
          }
        });
  }

  private void refuse(Task task, Rejection why) {
    outbox
        .refuse(task.message, why)
        .whenCompleteAsync(
            (kept, failure) -> {
              if (failure != null) {
                complain(
                    UNKEPT, "reports that are refused wait to be kept: " + Causes.text(failure));
                again(task, () -> refuse(task, why));
                return;
              }
              complaints.remove(UNKEPT);
              ingest.refused(why);
              complain(
                  task.run() + " " + why.reason(),
                  "the report at "
                      + Outbox.origin(task.message)
                      + " was refused, and is kept (said once for run and reason): "
                      + why.getMessage());
              task.done.complete(null);
            },
            thread);
  }

  private void complain(String cause, String text) {
    if (complaints.put(cause, true) == null) {
      LOG.warn(text);
    }
  }

  private void again(Task task, Runnable work) {
    CompletableFuture.delayedExecutor(task.pause.next().toMillis(), TimeUnit.MILLISECONDS, thread)
        .execute(() -> unlessClosed(task, work));
  }

  /**
   * Nothing waits for this: what cannot be written now is said with a later report, and when it
   * cannot, nothing more is tried for a while.
   */
  private void tell(String run, TopicAnswer answer) {
    if (stopwatch.instant().isBefore(tellsAfter) || answer.equals(told.put(run, answer))) {
      return;
    }
    outbox
        .tell(run, answer)
        .whenCompleteAsync(
            (said, failure) -> {
              if (failure == null) {
                complaints.remove(UNTOLD);
                return;
              }
              told.remove(run, answer);
              tellsAfter = stopwatch.instant().plus(LONGEST_PAUSE);
              complain(
                  UNTOLD,
                  "what runs are told cannot be written to "
                      + outbox.directives()
                      + " in Kafka: "
                      + Causes.text(failure));
            },
            thread);
  }
}
