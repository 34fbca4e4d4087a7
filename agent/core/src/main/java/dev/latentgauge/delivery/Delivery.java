package dev.latentgauge.delivery;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits in one spool to a collector, one exchange at a time: the run, its observations
 * in batches, oldest first, its end.
 *
 * <p>Nothing leaves the spool before the collector has acknowledged it. A report that is refused
 * for good is given up; of a batch that is, each observation is then sent by itself. If the run is
 * refused, all is given up, or left alone where an earlier process left it; unless the collector
 * has a later attempt of it: then this one is history, of which it takes the observations.
 */
final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final Transport transport;
  private final Spool spool;
  private final Backoff backoff;
  private final Complaints complaints;
  private final boolean registersAtOnce;

  private boolean registered;
  private volatile boolean accepted;
  private boolean isHistory;
  private long aloneUpTo = -1;
  private long delivered;
  private boolean saidWaiting;
  private volatile Optional<Directive> directive = Optional.empty();

  /**
   * What became of one step.
   *
   * @param pause if it is to be made again, after how long
   * @param told whether the collector said how long
   * @param why if it is to be made again, or refused, why
   */
  record Step(Kind kind, Duration pause, boolean told, String why) {

    /** The kinds of steps. */
    enum Kind {
      /** Something was delivered or given up; there may be more. */
      MOVED,
      /** It must be made again later. */
      WAITS,
      /** The collector refuses the run for good, and what is in the spool stays there. */
      REFUSED,
      /** There is nothing to do now. */
      IDLE,
      /** The spool cannot be read. */
      UNREADABLE
    }

    static final Step MOVED = new Step(Kind.MOVED, Duration.ZERO, false, "");
    static final Step IDLE = new Step(Kind.IDLE, Duration.ZERO, false, "");
  }

  /**
   * A delivery.
   *
   * @param registersAtOnce whether to register the run before there is anything else to send
   */
  Delivery(
      Transport transport,
      Spool spool,
      Backoff backoff,
      Complaints complaints,
      boolean registersAtOnce) {
    this.transport = transport;
    this.spool = spool;
    this.backoff = backoff;
    this.complaints = complaints;
    this.registersAtOnce = registersAtOnce;
  }

  Spool spool() {
    return spool;
  }

  /** The newest directive that the collector answered. */
  Optional<Directive> directive() {
    return directive;
  }

  /** Takes the directive of a receipt, if it has one. */
  void told(Receipt receipt) {
    receipt.directive().ifPresent(told -> directive = Optional.of(told));
  }

  /** Whether the collector has registered the run, and has not refused it since. */
  boolean isAccepted() {
    return accepted;
  }

  /** How many reports were delivered. */
  long delivered() {
    return delivered;
  }

  /** Makes one exchange, if there is something to send. */
  Step next() {
    // The end first: whatever was observed before it is in the spool then.
    Optional<RunEnd> end = spool.end();
    List<Spool.Entry> batch;
    try {
      batch = spool.oldest(Courier.BATCH);
    } catch (SpoolException e) {
      return new Step(Step.Kind.UNREADABLE, backoff.next(), false, String.valueOf(e.getMessage()));
    }
    boolean nothing = batch.isEmpty() && end.isEmpty();
    if (nothing && (registered || !registersAtOnce)) {
      return Step.IDLE;
    }
    try {
      if (!registered) {
        return register();
      }
      return batch.isEmpty() ? end(end.orElseThrow()) : observed(batch);
    } catch (IOException e) {
      // What comes back may be another process, which has forgotten what is known of the run.
      registered = false;
      return later(String.valueOf(e.getMessage()), Optional.empty());
    }
  }

  private Step register() throws IOException {
    Receipt receipt = transport.register(spool.label().run());
    switch (receipt.kind()) {
      case TAKEN -> accepted = true;
      case LATER, UNREGISTERED -> {
        return later(receipt);
      }
      case HISTORY -> {
        accepted = false;
        isHistory = true;
      }
      case REFUSED -> {
        accepted = false;
        if (!registersAtOnce) {
          // What an earlier process left may be wanted elsewhere, or by people.
          return new Step(Step.Kind.REFUSED, Duration.ZERO, false, receipt.why());
        }
        giveUpAll(receipt);
      }
    }
    registered = true;
    return Step.MOVED;
  }

  private void giveUpAll(Receipt refusal) {
    LOG.error(
        "the run {} is not reported to {} (reports given up: {}): {}",
        spool.label().run().name(),
        transport,
        spool.waiting(),
        refusal.why());
    spool.giveUpAll();
  }

  private Step observed(List<Spool.Entry> oldest) throws IOException {
    boolean alone = oldest.get(0).number() <= aloneUpTo;
    List<Spool.Entry> batch = alone ? oldest.subList(0, 1) : oldest;
    String body =
        batch.stream()
            .map(Spool.Entry::json)
            .collect(Collectors.joining(",", "{\"observations\":[", "]}"));
    Receipt receipt = transport.observed(spool.label().run(), body);
    if (receipt.kind() == Receipt.Kind.TAKEN) {
      told(receipt);
      spool.taken(batch);
      arrived(batch.size());
    } else if (receipt.kind() != Receipt.Kind.REFUSED) {
      return later(receipt);
    } else if (batch.size() > 1) {
      aloneUpTo = batch.get(batch.size() - 1).number();
    } else {
      giveUp(receipt);
      spool.giveUp(batch);
    }
    return Step.MOVED;
  }

  private Step end(RunEnd end) throws IOException {
    if (!isHistory) {
      Receipt receipt = transport.ended(spool.label().run(), end);
      if (receipt.kind() == Receipt.Kind.TAKEN) {
        arrived(1);
      } else if (receipt.kind() != Receipt.Kind.REFUSED) {
        return later(receipt);
      } else {
        giveUp(receipt);
        spool.giveUpEnd();
      }
    }
    spool.endTaken();
    return Step.MOVED;
  }

  private void arrived(int reports) {
    delivered += reports;
    backoff.reset();
    if (saidWaiting) {
      saidWaiting = false;
      LOG.info("reports of run {} arrive at the collector again", spool.label().run().name());
    }
  }

  private Step later(Receipt receipt) {
    if (receipt.kind() == Receipt.Kind.UNREGISTERED) {
      registered = false;
    }
    return later(receipt.why(), receipt.retryAfter());
  }

  private Step later(String why, Optional<Duration> told) {
    if (!transport.isAborted() && complaints.isNew(why)) {
      saidWaiting = true;
      LOG.warn(
          "reports of run {} wait, and will be sent again (said once for this cause): {}",
          spool.label().run().name(),
          why);
    }
    Duration pause = backoff.next();
    return new Step(Step.Kind.WAITS, told.orElse(pause), told.isPresent(), why);
  }

  private void giveUp(Receipt refusal) {
    if (complaints.isNew(refusal.why())) {
      LOG.warn("a report was given up (said once for this cause): {}", refusal.why());
    }
  }
}
