package dev.latentgauge.examples.study;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.study.measure.Instruments;
import dev.latentgauge.examples.study.measure.Measure;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;

/** Computes every measure at every snapshot of the runs of a view. */
final class MeasuringPhase {

  private static final long HALVES_SEED = 0;

  private final Task task;
  private final View view;
  private final Path folder;
  private final List<String> measures = Measure.all().stream().map(Measure::name).toList();

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

  /** Measures all runs of the view. */
  Case run() throws IOException {
    List<Run> runs =
        task.runs().stream().filter(run -> run.role() == Role.RUN).filter(view.runs()).toList();
    List<RunCurve> curves = new ArrayList<>();
    Map<String, Instruments> instruments = new HashMap<>();
    try (ProgressBar progress = Progress.bar("Measuring " + view.name(), runs.size())) {
      for (Run run : runs) {
        Instruments own = instruments.get(run.reference());
        if (own == null) {
          own = against(run.reference());
          instruments.put(run.reference(), own);
        }
        curves.add(curve(run, own));
        progress.step();
      }
    } finally {
      instruments.values().forEach(Instruments::close);
    }
    return new Case(view.name(), measures, curves);
  }

  private Instruments against(String reference) throws IOException {
    try (Recording good = read(reference(reference, Role.REFERENCE));
        Recording untrained = read(reference(reference, Role.UNTRAINED));
        Recording mediocre = read(reference(reference, Role.MEDIOCRE))) {
      return new Instruments(view, good, untrained, mediocre);
    }
  }

  /** The run of a role that belongs to a reference, or else the one that the task has. */
  private Run reference(String name, Role role) {
    List<Run> candidates = task.runs().stream().filter(run -> run.role() == role).toList();
    return candidates.stream()
        .filter(run -> run.reference().equals(name))
        .findFirst()
        .or(() -> candidates.stream().findFirst())
        .orElseThrow(() -> new IllegalStateException(task.name() + " has no run that is " + role));
  }

  private Recording read(Run run) throws IOException {
    return Recording.read(TrainingPhase.file(folder, run));
  }

  private RunCurve curve(Run run, Instruments instruments) throws IOException {
    try (Recording recording = read(run)) {
      instruments.begin(recording);
      long[] steps = recording.steps();
      double[] epochs = recording.epochs();
      Accuracies accuracies = Accuracies.of(recording);
      List<RunCurve.Point> points = new ArrayList<>();
      for (int i = 0; i < recording.size(); i++) {
        if (steps[i] > 0) {
          points.add(
              new RunCurve.Point(
                  steps[i],
                  epochs[i],
                  accuracies.all[i],
                  accuracies.halfA[i],
                  accuracies.halfB[i],
                  instruments.measure(recording, i)));
        }
      }
      return RunCurve.of(run.name(), run.settings(), measures, points);
    }
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
