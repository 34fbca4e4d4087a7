package dev.latentgauge.agent;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.relative.Sketch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures all that a monitor measures, and never throws: what fails is told to somebody, counted,
 * and, of what is compared with a reference, an undefined reading.
 *
 * <p>What fails so often in a row is not tried again. All that is measured with one probe set
 * shares a forward pass.
 */
final class Measurer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Measurer.class);

  private final List<List<Measurand>> groups;
  private final int mostFailures;
  private final Consumer<Throwable> failed;
  private final Map<List<Measurand>, ProbePass> passes = new HashMap<>();
  private final String run;
  private final Map<Measurand, Integer> failuresInARow = new HashMap<>();
  private long failures;

  /**
   * A measurer.
   *
   * @param run the name of the run, for messages
   * @param measurands what to measure
   * @param mostFailures after how many failures in a row something is given up, at least 1
   * @param failed is told of every failure
   */
  Measurer(String run, List<Measurand> measurands, int mostFailures, Consumer<Throwable> failed) {
    this.run = run;
    Map<String, List<Measurand>> byProbes = new LinkedHashMap<>();
    for (Measurand measurand : measurands) {
      byProbes
          .computeIfAbsent(measurand.probes().fingerprint(), fingerprint -> new ArrayList<>())
          .add(measurand);
    }
    this.groups = List.copyOf(byProbes.values());
    this.mostFailures = mostFailures;
    this.failed = failed;
  }

  /** How often something could not be measured. */
  long failures() {
    return failures;
  }

  /** Whether everything has been given up. */
  boolean isOff() {
    return groups.stream().flatMap(List::stream).noneMatch(this::isOn);
  }

  /** Whether something has not been given up. */
  boolean isOn(Measurand measurand) {
    return failuresInARow.getOrDefault(measurand, 0) < mostFailures;
  }

  /**
   * What all came to.
   *
   * @param samples one a target that has not been given up
   * @param sketches of what could be sketched
   */
  record Measured(List<Sample> samples, List<Sketched> sketches) {}

  /** What a layer makes of a probe set. */
  record Sketched(SketchTarget target, Sketch sketch) {}

  /** Measures the model as it is now, after the device has done what it was asked for before. */
  Measured measure(Trainer trainer) {
    Measured measured = new Measured(new ArrayList<>(), new ArrayList<>());
    awaitDevice(trainer);
    for (List<Measurand> group : groups) {
      List<Measurand> measurands = group.stream().filter(this::isOn).toList();
      if (!measurands.isEmpty()) {
        measure(trainer, group, measurands)
            .forEach((measurand, result) -> add(measured, measurand, result));
        if (!measurands.stream().allMatch(this::isOn)) {
          // The next pass is made anew, without what is not measured any more.
          forget(group);
        }
      }
    }
    return measured;
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

  private Map<Measurand, ProbePass.Result> measure(
      Trainer trainer, List<Measurand> group, List<Measurand> measurands) {
    try {
      ProbePass pass = passes.get(group);
      if (pass == null) {
        pass = ProbePass.on(trainer, group.get(0).probes(), measurands);
        passes.put(group, pass);
      }
      return pass.measure(trainer.getModel().getBlock(), measurands);
    } catch (Throwable e) {
      Map<Measurand, ProbePass.Result> results = new LinkedHashMap<>();
      measurands.forEach(measurand -> results.put(measurand, new ProbePass.Result.Failed(e)));
      return results;
    }
  }

  private void add(Measured measured, Measurand measurand, ProbePass.Result result) {
    if (result instanceof ProbePass.Result.Failed failure) {
      String reason = countFailure(measurand, failure.cause());
      if (measurand instanceof Target target) {
        Reading undefined = Reading.undefined(target.reference(), Reason.of(reason));
        measured.samples().add(new Sample(target, undefined, true));
      }
      return;
    }
    failuresInARow.remove(measurand);
    if (measurand instanceof Target target
        && result instanceof ProbePass.Result.Compared compared) {
      measured.samples().add(new Sample(target, compared.reading(), false));
    } else if (measurand instanceof SketchTarget target
        && result instanceof ProbePass.Result.Sketched sketched) {
      measured.sketches().add(new Sketched(target, sketched.sketch()));
    }
  }

  /** Answers what is the matter, for people. */
  private String countFailure(Measurand measurand, Throwable cause) {
    failed(cause);
    int inARow = failuresInARow.merge(measurand, 1, Integer::sum);
    if (inARow == mostFailures) {
      LOG.error(
          "{} of run {} is not measured any more, after {} failures in a row; the training goes on{}",
          measurand,
          run,
          inARow,
          measurand instanceof Target ? ", and early stopping by it has no effect" : "");
    }
    String end = inARow < mostFailures ? "" : "; it is not tried again, after " + inARow;
    return "the measurement failed" + end + ": " + cause;
  }

  private void failed(Throwable cause) {
    failures++;
    failed.accept(cause);
  }

  private void forget(List<Measurand> group) {
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
