package dev.latentgauge.examples.study;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.study.measure.Instruments;
import dev.latentgauge.examples.study.measure.Meter;
import dev.latentgauge.examples.study.measure.Variations;
import dev.latentgauge.examples.study.recording.Recording;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.examples.study.task.Role;
import dev.latentgauge.examples.study.task.Run;
import dev.latentgauge.examples.study.task.Task;
import dev.latentgauge.examples.study.task.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;

/** Makes tables of the recordings of a task, in one view of it. */
final class MeasuringPhase {

  private static final long HALVES_SEED = 0;

  private final Task task;
  private final View view;
  private final Path folder;

  /**
   * Of one view.
   *
   * @param task what was trained
   * @param view how it is looked at
   * @param folder where the recordings are
   */
  MeasuringPhase(Task task, View view, Path folder) {
    this.task = task;
    this.view = view;
    this.folder = folder;
  }

  /** Every measure at every snapshot of the runs. */
  Case measures() throws IOException {
    return table(view.name(), runs(), this::instruments, false);
  }

  /** The score under variations, of the last snapshot of the runs. */
  Case variations() throws IOException {
    return table(view.name() + "-variations", runs(), this::variations, true);
  }

  /** Every measure of the references, the last snapshot of each. */
  Case references() throws IOException {
    List<Run> references = task.runs().stream().filter(run -> run.role() != Role.RUN).toList();
    return table(view.name() + "-references", references, this::instruments, true);
  }

  private List<Run> runs() {
    return runs(task, view);
  }

  /** The runs of which the study asks how good they are, as far as a view counts them. */
  static List<Run> runs(Task task, View view) {
    return task.runs().stream().filter(run -> run.role() == Role.RUN).filter(view.runs()).toList();
  }

  /** Makes what measures against a reference. */
  private interface MeterMaker {
    Meter against(String reference) throws IOException;
  }

  private Case table(String name, List<Run> runs, MeterMaker maker, boolean isOfLast)
      throws IOException {
    List<RunCurve> curves = new ArrayList<>();
    List<String> names = List.of();
    Map<String, Meter> meters = new HashMap<>();
    try (ProgressBar progress = Progress.bar("Measuring " + name, runs.size())) {
      for (Run run : runs) {
        Meter meter = meters.get(run.reference());
        if (meter == null) {
          meter = maker.against(run.reference());
          meters.put(run.reference(), meter);
        }
        names = meter.names();
        curves.add(curve(run, meter, isOfLast));
        progress.step();
      }
    } finally {
      meters.values().forEach(Meter::close);
    }
    return new Case(name, names, curves);
  }

  private Meter instruments(String reference) throws IOException {
    try (Recording good = read(reference(reference, Role.REFERENCE));
        Recording untrained = read(reference(reference, Role.UNTRAINED));
        Recording mediocre = read(reference(reference, Role.MEDIOCRE))) {
      return new Instruments(view, good, untrained, mediocre);
    }
  }

  private Meter variations(String reference) throws IOException {
    Map<String, Recording> others = new LinkedHashMap<>();
    try (Recording good = read(reference(reference, Role.REFERENCE))) {
      for (Role role : List.of(Role.CEILING, Role.OTHER_ARCHITECTURE, Role.MEDIOCRE)) {
        others.put(role.label(), read(reference(reference, role)));
      }
      return new Variations(view, task.anchorPool(), good, others);
    } finally {
      others.values().forEach(Recording::close);
    }
  }

  /** The run of a role that belongs to a reference. */
  private Run reference(String name, Role role) {
    return task.runs().stream()
        .filter(run -> run.role() == role && run.reference().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s has no %s run for %s".formatted(task.name(), role.label(), name)));
  }

  private Recording read(Run run) throws IOException {
    return Recording.read(TrainingPhase.file(folder, run));
  }

  private RunCurve curve(Run run, Meter meter, boolean isOfLast) throws IOException {
    try (Recording recording = read(run)) {
      meter.begin(recording);
      long[] steps = recording.steps();
      double[] epochs = recording.epochs();
      Accuracies accuracies = Accuracies.of(recording);
      List<RunCurve.Point> points = new ArrayList<>();
      int last = recording.size() - 1;
      for (int i = isOfLast ? last : 0; i <= last; i++) {
        if (steps[i] > 0 || i == last) {
          points.add(
              new RunCurve.Point(
                  Math.max(1, steps[i]),
                  epochs[i],
                  accuracies.all[i],
                  accuracies.halfA[i],
                  accuracies.halfB[i],
                  meter.measure(recording, i)));
        }
      }
      return RunCurve.of(run.name(), settings(run), meter.names(), points);
    }
  }

  /** The settings of a run, and its reference where there are several to tell apart. */
  private Map<String, String> settings(Run run) {
    Map<String, String> settings = new LinkedHashMap<>(run.settings());
    if (task.runs().stream().filter(other -> other.role() == Role.REFERENCE).count() > 1) {
      settings.put("reference", run.reference());
    }
    return settings;
  }

  /** The accuracy at each snapshot, on the whole test set and on two random halves of it. */
  private static final class Accuracies {
    private final double[] all;
    private final double[] halfA;
    private final double[] halfB;

    private Accuracies(double[] all, double[] halfA, double[] halfB) {
      this.all = all;
      this.halfA = halfA;
      this.halfB = halfB;
    }

    static Accuracies of(Recording recording) {
      try (NDArray correct = recording.correct()) {
        int size = Math.toIntExact(correct.getShape().get(1));
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, new Random(HALVES_SEED));
        return new Accuracies(
            share(correct, order),
            share(correct, order.subList(0, size / 2)),
            share(correct, order.subList(size / 2, size)));
      }
    }

    private static double[] share(NDArray correct, List<Integer> columns) {
      int[] picked = columns.stream().mapToInt(Integer::intValue).toArray();
      try (NDArray index = correct.getManager().create(picked);
          NDArray part = correct.get(new NDIndex(":, {}", index));
          NDArray mean = part.mean(new int[] {1})) {
        return mean.toDoubleArray();
      }
    }
  }
}
