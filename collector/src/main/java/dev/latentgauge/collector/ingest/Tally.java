package dev.latentgauge.collector.ingest;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what came in since the process began. Thread-safe. */
public final class Tally {

  private final LongAdder accepted = new LongAdder();
  private final Map<Rejection.Reason, LongAdder> rejected = new EnumMap<>(Rejection.Reason.class);

  /** A tally that stands at zero. */
  public Tally() {
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      rejected.put(reason, new LongAdder());
    }
  }

  void accept(int observations) {
    accepted.add(observations);
  }

  void reject(Rejection.Reason reason) {
    adder(reason).increment();
  }

  /**
   * How many observations were stored; duplicates do not count.
   *
   * @return a number, at least 0
   */
  public long accepted() {
    return accepted.sum();
  }

  /**
   * How many reports were refused.
   *
   * @param reason why
   * @return a number, at least 0
   */
  public long rejected(Rejection.Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Rejection.Reason reason) {
    LongAdder adder = rejected.get(reason);
    if (adder == null) {
      throw new AssertionError(reason);
    }
    return adder;
  }
}
