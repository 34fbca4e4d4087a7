package dev.latentgauge.collector.health;

import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether something is well: named checks, made anew for every question, each within a bound.
 *
 * <p>A check that is under way when somebody asks again is not made twice: both get its outcome. So
 * one that hangs costs one thread and no more, however often it is asked for. Nothing is kept
 * beyond that. When a check begins to fail, and when it is well again, the log says so.
 *
 * <p>Thread-safe.
 */
public final class Health {

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** Of a check that hangs; there is one for each check at most. */
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "health");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration bound;
  private final List<NamedCheck> checks = new CopyOnWriteArrayList<>();
  private volatile Optional<Outcome> ended = Optional.empty();

  /** Something that may be wrong. */
  public interface Check {
    /**
     * Looks whether it is; may block.
     *
     * @return what is wrong, in words that everybody may read; empty if nothing is
     * @throws Exception if it cannot be found out, which counts as wrong
     */
    Optional<String> complaint() throws Exception;
  }

  /** How a check came out. */
  public enum State {
    /** Nothing is wrong. */
    OK,
    /** Something is. */
    FAILED,
    /** Nobody knows: there was no answer in time. */
    LATE
  }

  /**
   * What a check has found.
   *
   * @param check its name
   * @param state how it came out
   * @param reason what is wrong, unless nothing is
   */
  public record Outcome(String check, State state, Optional<String> reason) {}

  /**
   * What all checks have found.
   *
   * @param outcomes one for each, in the order in which they were added
   */
  public record Report(List<Outcome> outcomes) {
    /**
     * Whether all is well.
     *
     * @return true if no check has anything to say
     */
    public boolean isGood() {
      return outcomes.stream().allMatch(outcome -> outcome.state == State.OK);
    }
  }

  /**
   * Health without a check, which is good.
   *
   * @param bound how long a check may take, at least 1 ms
   */
  public Health(Duration bound) {
    this.bound = bound;
  }

  /**
   * Adds a check.
   *
   * @param name what is looked at, such as {@code data}
   * @param check looks at it
   * @return this
   */
  public Health add(String name, Check check) {
    checks.add(new NamedCheck(name, check));
    return this;
  }

  /**
   * Says that from now on it is no longer well, on purpose.
   *
   * @param name what is
   * @param reason why
   */
  public void end(String name, String reason) {
    ended = Optional.of(new Outcome(name, State.FAILED, Optional.of(reason)));
  }

  /**
   * Makes all checks.
   *
   * @return what they find, after the bound at the latest; never fails
   */
  public CompletionStage<Report> report() {
    List<CompletableFuture<Outcome>> outcomes =
        checks.stream().map(check -> check.outcome(bound)).toList();
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> new Report(outcomes.stream().map(CompletableFuture::join).toList()))
        .thenApply(this::withEnd);
  }

  /** Looked at last, so that nobody is told of a past in which it had not ended. */
  private Report withEnd(Report report) {
    return ended.map(outcome -> new Report(prepended(outcome, report.outcomes))).orElse(report);
  }

  private static List<Outcome> prepended(Outcome first, List<Outcome> others) {
    List<Outcome> all = new ArrayList<>(others);
    all.add(0, first);
    return List.copyOf(all);
  }

  private static final class NamedCheck {
    private final String name;
    private final Check check;
    private @Nullable CompletableFuture<Outcome> underWay;
    private State last = State.OK;

    NamedCheck(String name, Check check) {
      this.name = name;
      this.check = check;
    }

    CompletableFuture<Outcome> outcome(Duration bound) {
      Outcome late =
          new Outcome(
              name,
              State.LATE,
              Optional.of("there was no answer within " + bound.toMillis() + " ms"));
      return run()
          .copy()
          .completeOnTimeout(late, bound.toMillis(), TimeUnit.MILLISECONDS)
          .thenApply(this::logged);
    }

    private synchronized CompletableFuture<Outcome> run() {
      CompletableFuture<Outcome> running = underWay;
      if (running == null || running.isDone()) {
        running = CompletableFuture.supplyAsync(this::outcome, THREADS);
        underWay = running;
      }
      return running;
    }

    private Outcome outcome() {
      Optional<String> complaint;
      try {
        complaint = check.complaint();
      } catch (Exception | Error e) {
        complaint = Optional.of(reason(e));
      }
      return new Outcome(name, complaint.isEmpty() ? State.OK : State.FAILED, complaint);
    }

    private synchronized Outcome logged(Outcome outcome) {
      if (outcome.state != last) {
        last = outcome.state;
        if (outcome.state == State.OK) {
          LOG.info("{} is well again", name);
        } else {
          LOG.warn("{} is not well: {}", name, outcome.reason.orElse(""));
        }
      }
      return outcome;
    }

    /** Without the path, which is nobody's business. */
    private static String reason(Throwable failure) {
      return failure instanceof FileSystemException file && file.getReason() != null
          ? file.getReason()
          : failure.getClass().getSimpleName();
    }
  }
}
