package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.observation.TopicAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * handling fails, waits too; but if others are stored meanwhile, it is this one that has no place,
 * and it is refused after a while, so that nobody has to wait behind it for ever.
 *
 * <p>Everything happens on one thread, to which stages come back.
 */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  /** How long a report that alone has no room is tried. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** No name of a run and reason. */
  private static final String UNKEPT = "";

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

  /** When reports of a run began to have no room, and how many observations were stored by then. */
  private record Want(Instant since, long stored) {}

  private static final class Task {
    final ConsumerRecord<byte[], byte[]> message;
    final Lane lane;
    final CompletableFuture<Void> done = new CompletableFuture<>();
    Duration pause = FIRST_PAUSE;

    Task(ConsumerRecord<byte[], byte[]> message, Lane lane) {
      this.message = message;
      this.lane = lane;
    }

    String run() {
      return message.key() == null ? "" : Report.text(message.key());
    }
  }

  /**
   * Handles reports.
   *
   * @param mostBytes the most bytes in one
   * @param thread where all happens
   */
  Reports(
      Ingest ingest,
      Store store,
      InstantSource stopwatch,
      int mostBytes,
      Executor thread,
      Outbox outbox) {
    this.ingest = ingest;
    this.store = store;
    this.stopwatch = stopwatch;
    this.mostBytes = mostBytes;
    this.thread = thread;
    this.outbox = outbox;
    this.standings = new Standings(ingest, store, thread);
  }

  /** Other collectors may have taken reports of any run, and told them something. */
  void forget() {
    thread.execute(
        () -> {
          standings.forget();
          told.clear();
        });
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
    } catch (RuntimeException e) {
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
      refuse(task, why);
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
    return !stopwatch.instant().isBefore(want.since.plus(PATIENCE))
        && store.accepted() > want.stored;
  }

  private void refuse(Task task, Rejection why) {
    outbox
        .refuse(task.message, why)
        .whenCompleteAsync(
            (kept, failure) -> {
              if (failure != null) {
                complain(UNKEPT, "reports that are refused wait to be kept: " + failure);
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
    Duration pause = task.pause;
    Duration doubled = pause.multipliedBy(2);
    task.pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, thread)
        .execute(() -> unlessClosed(task, work));
  }

  /** Nothing waits for this: what cannot be written now is said with the next report. */
  private void tell(String run, TopicAnswer answer) {
    if (!answer.equals(told.put(run, answer))) {
      outbox
          .tell(run, answer)
          .whenCompleteAsync(
              (said, failure) -> {
                if (failure != null) {
                  told.remove(run, answer);
                }
              },
              thread);
    }
  }
}
