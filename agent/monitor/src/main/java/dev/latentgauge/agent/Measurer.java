package dev.latentgauge.agent;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures all targets of a monitor, and never throws: what fails is told to somebody, counted, and
 * an undefined reading.
 *
 * <p>A target that fails so often in a row is not tried again. Targets whose references share a
 * probe set share a forward pass.
 */
final class Measurer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Measurer.class);

  private final List<List<Target>> groups;
  private final int mostFailures;
  private final Consumer<Throwable> failed;
  private final Map<List<Target>, ProbePass> passes = new HashMap<>();
  private final String run;
  private final Map<Target, Integer> failuresInARow = new HashMap<>();
  private long failures;

  /**
   * A measurer of some targets.
   *
   * @param run the name of the run, for messages
   * @param targets each with a reference that knows its inputs
   * @param mostFailures after how many failures in a row a target is given up, at least 1
   * @param failed is told of every failure
   */
  Measurer(String run, List<Target> targets, int mostFailures, Consumer<Throwable> failed) {
    this.run = run;
    Map<String, List<Target>> byProbes = new LinkedHashMap<>();
    for (Target target : targets) {
      byProbes
          .computeIfAbsent(probes(target).fingerprint(), fingerprint -> new ArrayList<>())
          .add(target);
    }
    this.groups = List.copyOf(byProbes.values());
    this.mostFailures = mostFailures;
    this.failed = failed;
  }

  private static ProbeSet probes(Target target) {
    return target.reference().probes().orElseThrow();
  }

  /** How many measurements of a target have failed. */
  long failures() {
    return failures;
  }

  /** Whether every target has been given up. */
  boolean isOff() {
    return groups.stream().flatMap(List::stream).noneMatch(this::isOn);
  }

  /** Whether a target has not been given up. */
  boolean isOn(Target target) {
    return failuresInARow.getOrDefault(target, 0) < mostFailures;
  }

  /** Measures the model as it is now, after the device has done what it was asked for before. */
  List<Sample> measure(Trainer trainer) {
    List<Sample> samples = new ArrayList<>();
    awaitDevice(trainer);
    for (List<Target> group : groups) {
      List<Target> targets = group.stream().filter(this::isOn).toList();
      if (!targets.isEmpty()) {
        measure(trainer, group, targets).forEach((target, result) -> add(samples, target, result));
        if (!targets.stream().allMatch(this::isOn)) {
          // The next pass is made anew, without what is not measured any more.
          forget(group);
        }
      }
    }
    return samples;
  }

  /** What the training still computes must not count as time that the monitor takes. */
  private void awaitDevice(Trainer trainer) {
    Device device = trainer.getDevices()[0];
    if (device.isGpu()) {
      try (NDManager scratch = trainer.getManager().newSubManager(device);
          NDArray last = scratch.zeros(new Shape(1))) {
        // The copy to the host waits for all that is queued before it.
        last.toFloatArray();
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  private Map<Target, ProbePass.Result> measure(
      Trainer trainer, List<Target> group, List<Target> targets) {
    try {
      ProbePass pass = passes.get(group);
      if (pass == null) {
        pass = ProbePass.on(trainer, probes(group.get(0)), targets);
        passes.put(group, pass);
      }
      return pass.measure(trainer.getModel().getBlock(), targets);
    } catch (Throwable e) {
      Map<Target, ProbePass.Result> results = new LinkedHashMap<>();
      targets.forEach(target -> results.put(target, new ProbePass.Result.Failed(e)));
      return results;
    }
  }

  private void add(List<Sample> samples, Target target, ProbePass.Result result) {
    if (result instanceof ProbePass.Result.Measured measured) {
      failuresInARow.remove(target);
      samples.add(new Sample(target, measured.reading(), false));
    } else if (result instanceof ProbePass.Result.Failed failure) {
      failed(failure.cause());
      int inARow = failuresInARow.merge(target, 1, Integer::sum);
      String end = inARow < mostFailures ? "" : "; it is not tried again, after " + inARow;
      if (inARow == mostFailures) {
        LOG.error(
            "{} of run {} is not measured any more, after {} failures in a row; the training goes"
                + " on, and early stopping by it has no effect",
            target,
            run,
            inARow);
      }
      String reason = "the measurement failed" + end + ": " + failure.cause();
      samples.add(
          new Sample(target, Reading.undefined(target.reference(), Reason.of(reason)), true));
    }
  }

  private void failed(Throwable cause) {
    failures++;
    failed.accept(cause);
  }

  private void forget(List<Target> group) {
    ProbePass pass = passes.remove(group);
    if (pass != null) {
      pass.close();
    }
  }

  @Override
  public void close() {
    groups.forEach(this::forget);
  }
}
