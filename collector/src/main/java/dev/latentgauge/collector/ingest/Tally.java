package dev.latentgauge.collector.ingest;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was refused since the process began. Thread-safe. */
public final class Tally {

  private final Map<Rejection.Reason, LongAdder> rejected = new EnumMap<>(Rejection.Reason.class);

  /** A tally that stands at zero. */
  public Tally() {
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      rejected.put(reason, new LongAdder());
    }
  }

  void reject(Rejection.Reason reason) {
    adder(reason).increment();
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
