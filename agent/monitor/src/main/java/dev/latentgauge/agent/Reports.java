package dev.latentgauge.agent;

import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a monitor has to report, on its way to all reporters; the training never waits for it. */
final class Reports {

  private final List<ReportQueue> queues;
  private final TimeSource time;
  private boolean begun;

  Reports(List<Reporter> reporters, TimeSource time) {
    this.queues = reporters.stream().map(ReportQueue::new).toList();
    this.time = time;
  }

  boolean isBegun() {
    return begun;
  }

  void begin(RunInfo run) {
    begun = true;
    queues.forEach(queue -> queue.begin(run));
  }

  void add(Observation observation) {
    queues.forEach(queue -> queue.add(observation));
  }

  /** Ends the run, and waits until that is delivered, but no longer than a timeout. */
  void end(RunEnd end, Duration timeout) {
    each(queue -> queue.end(end));
    long deadline = time.nanoTime() + timeout.toNanos();
    each(queue -> queue.awaitDelivery(Duration.ofNanos(deadline - time.nanoTime()), timeout));
  }

  private void each(Consumer<ReportQueue> action) {
    queues.forEach(action);
  }

  /** How many reports wait on disk until they can be delivered. */
  long spooled() {
    return queues.stream().mapToLong(ReportQueue::spooled).sum();
  }

  /** How many reports were given up. */
  long dropped() {
    return queues.stream().mapToLong(ReportQueue::dropped).sum();
  }

  /** That the training should stop, if somebody who is reported to has said so. */
  Optional<Directive> stopDirective() {
    for (ReportQueue queue : queues) {
      Optional<Directive> directive = queue.directive().filter(Directive::stops);
      if (directive.isPresent()) {
        return directive;
      }
    }
    return Optional.empty();
  }
}
