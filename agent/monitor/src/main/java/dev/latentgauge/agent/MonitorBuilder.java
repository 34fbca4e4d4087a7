package dev.latentgauge.agent;

import dev.latentgauge.agent.report.LogReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Sketch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link TrainingMonitor}. */
public final class MonitorBuilder {

  private static final Duration LONGEST_DELIVERY_TIMEOUT = Duration.ofDays(1);

  final List<Reference> references = new ArrayList<>();
  final List<Layer> layers = new ArrayList<>();
  final List<EarlyStopping> stoppings = new ArrayList<>();
  Cadence cadence = Cadence.everyEpochs(1);
  Duration deliveryTimeout = Duration.ofSeconds(5);
  TimeSource time = TimeSource.system();
  int mostFailures = 3;
  int rank = Rank.of(System.getenv());
  boolean obeysDirectives;
  Optional<StopSignal> signal = Optional.empty();
  Optional<MonitorState> state = Optional.empty();
  private final Optional<ProbeSet> probes;
  private Optional<Boolean> sketches = Optional.empty();
  private final List<Reporter> reporters = new ArrayList<>();
  private @Nullable RunInfo run;

  MonitorBuilder(Reference reference) {
    this.probes = Optional.empty();
    references.add(reference);
  }

  MonitorBuilder(ProbeSet probes) {
    this.probes = Optional.of(probes);
  }

  /**
   * Adds a reference to compare with: every layer is compared with every reference.
   *
   * @param reference what else to compare with; it must stay open as long as the training lasts.
   *     References of one probe set share a forward pass
   * @return this builder
   */
  public MonitorBuilder reference(Reference reference) {
    references.add(reference);
    return this;
  }

  /**
   * Adds a layer to embed with. One forward pass embeds with all of them.
   *
   * @param layer a layer of the model that will be trained; unless one is added, every reference is
   *     compared with the layer that it was itself made of. Without a reference one is needed
   * @return this builder
   */
  public MonitorBuilder layer(Layer layer) {
    layers.add(layer);
    return this;
  }

  /**
   * Sets when to measure.
   *
   * @param cadence unless set, after every epoch
   * @return this builder
   */
  public MonitorBuilder cadence(Cadence cadence) {
    this.cadence = cadence;
    return this;
  }

  /**
   * Sets which run this is. When it started, the name of the model and, as tags, {@code
   * parameters}, {@code engine}, {@code djl}, {@code device} and {@code git_commit} are filled in
   * where they are missing and known.
   *
   * @param run the run
   * @return this builder
   */
  public MonitorBuilder run(RunInfo run) {
    this.run = run;
    return this;
  }

  /**
   * Adds a place to report to.
   *
   * @param reporter used by this monitor until the training ends; unless one is added, reports go
   *     to the log
   * @return this builder
   */
  public MonitorBuilder reportTo(Reporter reporter) {
    reporters.add(reporter);
    return this;
  }

  /**
   * Adds a way to end the training early. Several may be added; the first that wants a stop has it.
   *
   * @param stopping the settings; of several, one alone may restore the best weights
   * @return this builder
   */
  public MonitorBuilder stopWhen(EarlyStopping stopping) {
    stoppings.add(stopping);
    return this;
  }

  /**
   * Raises a signal where the training is to stop, in place of an exception; for a loop that looks
   * at it. The best weights are then put back when the trainer is closed, or by {@link
   * TrainingMonitor#restoreBest}.
   *
   * @param signal a signal of this training alone
   * @return this builder
   */
  public MonitorBuilder stopBy(StopSignal signal) {
    this.signal = Optional.of(signal);
    return this;
  }

  /**
   * Sets whether the training is stopped when the collector says so in answer to a report. (The
   * answer comes a moment after the report; the training stops at its next batch or epoch, or up to
   * sixteen batches later where they took less than fifty milliseconds.)
   *
   * @param obeys unless set, it is not, and the log says once that it should have been
   * @return this builder
   */
  public MonitorBuilder obeyDirectives(boolean obeys) {
    this.obeysDirectives = obeys;
    return this;
  }

  /**
   * Sets whether what is measured against references is reported as a {@link Sketch} too, for which
   * a collector can compare runs with each other, whatever references they have. A monitor that was
   * {@linkplain TrainingMonitor#builder(ProbeSet) begun with a probe set} sketches that one always.
   *
   * <p>For each layer and probe set this costs the training one more n x d x k matrix product and a
   * copy of n x k floats to the host, and the network some n·k bytes a measurement, 66 kB with 512
   * probes and 128 anchors. Sketches are sent as well as that can be done: they are kept in no
   * spool, of those that wait the newest alone is sent, and observations go first.
   *
   * @param sketches unless set, it is not; false is a mistake where there is a probe set, which
   *     would be there for nothing
   * @return this builder
   */
  public MonitorBuilder sketches(boolean sketches) {
    this.sketches = Optional.of(sketches);
    return this;
  }

  /**
   * Goes on from where the monitor of an earlier process was: steps and epochs are counted on from
   * there, and every {@link EarlyStopping} knows its best value and how long that is ago. The
   * weights of that best are not there any more: if nothing better comes, {@link
   * EarlyStopping.Builder#restoreBest} restores nothing, and says so.
   *
   * @param state the state when the checkpoint was made that the training goes on from
   * @return this builder
   */
  public MonitorBuilder resume(MonitorState state) {
    this.state = Optional.of(state);
    return this;
  }

  /**
   * Sets how many failures in a row switch the measurement of a layer off, against a reference or
   * for a sketch.
   *
   * @param failures at least 1; unless set, 3
   * @return this builder
   */
  public MonitorBuilder switchOffAfter(int failures) {
    this.mostFailures = failures;
    return this;
  }

  /**
   * Sets which process of a distributed training this is. The first alone measures, reports and
   * stops: stop the others with it, by a {@link StopSignal} whose state it sends to them, and let
   * all of them load the weights that it has put back.
   *
   * @param rank at least 0; unless set, what torchrun, MPI or Slurm say in the environment if they
   *     have started more than one process, and 0 otherwise
   * @return this builder
   */
  public MonitorBuilder rank(int rank) {
    this.rank = rank;
    return this;
  }

  /**
   * Sets how long the end of the training may wait for reports that have not left yet, half a
   * second at the least; reporters that are still at it then have half a second more to close.
   *
   * @param timeout from 0 to a day; unless set, 5 seconds
   * @return this builder
   */
  public MonitorBuilder deliveryTimeout(Duration timeout) {
    this.deliveryTimeout = timeout;
    return this;
  }

  /**
   * Sets the clock.
   *
   * @param time unless set, the clocks of this machine
   * @return this builder
   */
  public MonitorBuilder timeSource(TimeSource time) {
    this.time = time;
    return this;
  }

  List<Reporter> reporters() {
    return reporters.isEmpty() ? List.of(LogReporter.create()) : List.copyOf(reporters);
  }

  /**
   * Makes the monitor.
   *
   * @return a monitor to add to the listeners of one training
   * @throws IllegalArgumentException if settings are missing or not allowed, naming all of them
   */
  public TrainingMonitor build() {
    List<String> mistakes = new ArrayList<>();
    if (run == null) {
      mistakes.add("run(...) must say which run this is, but was not called");
    }
    if (deliveryTimeout.isNegative() || deliveryTimeout.compareTo(LONGEST_DELIVERY_TIMEOUT) > 0) {
      mistakes.add(
          "deliveryTimeout must be from 0 to "
              + LONGEST_DELIVERY_TIMEOUT
              + ", but is "
              + deliveryTimeout);
    }
    if (mostFailures < 1) {
      mistakes.add("switchOffAfter must be at least 1, but is " + mostFailures);
    }
    if (rank < 0) {
      mistakes.add("rank must be at least 0, but is " + rank);
    }
    probes.ifPresent(set -> requireUse(set, mistakes));
    boolean sketchesAll = sketches.orElse(false);
    if (sketchesAll) {
      references.forEach(
          of -> requireSketchable(of.id(), of.probeCount(), of.anchorCount(), mistakes));
    }
    List<Target> targets = Targets.of(references, layers, mistakes);
    List<Measurand> measurands = new ArrayList<>(targets);
    measurands.addAll(Targets.sketched(probes, layers, targets, sketchesAll, mistakes));
    List<StoppingRule> rules = Targets.rules(stoppings, targets, mistakes);
    state.ifPresent(before -> Targets.resume(rules, before, mistakes));
    if (run == null || !mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          "the monitor cannot be built: " + String.join("; ", mistakes));
    }
    return new TrainingMonitor(this, run, measurands, rules);
  }

  private void requireUse(ProbeSet set, List<String> mistakes) {
    requireSketchable("the probe set", set.probeCount(), set.anchorCount(), mistakes);
    if (sketches.isPresent() && !sketches.get()) {
      mistakes.add(
          "sketches(false) must not be called on a monitor of a probe set, which is sketched and"
              + " nothing else");
    }
    if (references.isEmpty() && layers.isEmpty()) {
      mistakes.add(
          "layer(...) must say which layer to embed with, as there is no reference that does");
    }
    if (references.isEmpty() && reporters.isEmpty()) {
      mistakes.add(
          "reportTo(...) must say where sketches go, such as to a collector, as the log takes none");
    }
  }

  private static void requireSketchable(
      String what, long probes, long anchors, List<String> mistakes) {
    try {
      Sketch.requireSize(probes, anchors);
    } catch (IllegalArgumentException e) {
      mistakes.add(what + " must have a size that can be sketched: " + e.getMessage());
    }
  }
}
