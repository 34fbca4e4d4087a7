package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import dev.latentgauge.probe.BlockOutputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * What the agent does with the trainers of one DJL, in whose class loader it sees the classes.
 *
 * <p>Thread-safe. What DJL's changed methods tell it brings no exception about, but that by which a
 * training is stopped, and that of {@code strict}.
 */
public final class Attachment implements DjlEvents {

  private final Settings settings;
  private final Monitors monitors;
  private final AtomicBoolean isReferenceTaken = new AtomicBoolean();

  /** Those that may be under way when the process ends; weakly, as their trainers hold them. */
  private final Set<AttachedTraining> trainings = Collections.newSetFromMap(new WeakHashMap<>());

  private final Set<String> unwanted = new TreeSet<>();
  private final Set<String> failures = new HashSet<>();
  private boolean isWanted;

  private Attachment(Settings settings, IntSupplier runs) {
    this.settings = settings;
    this.monitors = new Monitors(settings, runs);
  }

  /**
   * Opens it.
   *
   * @param file the file of the settings
   * @param text what it said when the program started, without mistakes
   * @param runs counts the runs of the process, from 1
   * @return a {@link DjlEvents}
   * @throws IllegalStateException if the settings have become wrong, as by a file that is gone
   */
  public static Object open(Path file, String text, IntSupplier runs) {
    Mistakes mistakes = new Mistakes(file);
    Settings settings = SettingsFile.read(file, text, System.getenv(), mistakes);
    if (!mistakes.sentences().isEmpty()) {
      throw new IllegalStateException(String.join("; ", mistakes.sentences()));
    }
    BlockOutputs.areTold();
    return new Attachment(settings, runs);
  }

  /** Answers the configuration with one listener more, or as it is. */
  @Override
  public Object trainingBegins(Class<?> trainers, Object of, Object config) {
    Model model = (Model) of;
    try {
      return attached(model)
          .map(training -> (Object) AttachedConfig.of((TrainingConfig) config, training))
          .orElse(config);
    } catch (Throwable e) {
      sayThatNotMonitored(model, e);
      return config;
    }
  }

  private void sayThatNotMonitored(Model model, Throwable failure) {
    String reason = Failure.reason(failure);
    Console.say("the training of model " + model.getName() + " is not monitored: " + reason);
    if (settings.isStrict()) {
      throw new NotMonitoredException(reason, failure);
    }
  }

  private synchronized Optional<AttachedTraining> attached(Model model) throws IOException {
    if (!monitors.areWanted(model.getName())) {
      unwanted.add(model.getName());
      return Optional.empty();
    }
    isWanted = true;
    AttachedTraining training = training(model);
    trainings.add(training);
    return Optional.of(training);
  }

  private AttachedTraining training(Model model) throws IOException {
    if (settings.isDryRun()) {
      return new ListedTraining();
    }
    return settings.creation().isPresent()
        ? new ReferenceTraining(settings.creation().get(), isReferenceTaken, model)
        : new MonitoredTraining(monitors, model);
  }

  @Override
  public void initialized(Object trainer) {
    tell(trainer, training -> training.initialized((Trainer) trainer));
  }

  @Override
  public void passBegins(Object trainer) {
    tell(trainer, AttachedTraining::passBegins);
  }

  @Override
  public void evaluates(Object trainer, Object inputs) {
    tell(trainer, training -> training.evaluates((NDList) inputs));
  }

  @Override
  public void stepBegins(Object trainer) {
    tell(
        trainer,
        training -> {
          try {
            training.stepBegins((Trainer) trainer);
          } catch (IllegalArgumentException | IOException | LinkageError e) {
            sayThatNotMonitored(((Trainer) trainer).getModel(), e);
          }
        });
  }

  @Override
  public boolean fitBegins(Object trainer) {
    boolean[] begins = {true};
    tell(trainer, training -> begins[0] = training.fitBegins());
    return begins[0];
  }

  @Override
  public void fitEnds(Object trainer) {
    tell(trainer, AttachedTraining::fitEnds);
  }

  @Override
  public boolean endsQuietly(Object trainer, Throwable exception) {
    boolean[] quietly = {false};
    tell(trainer, training -> quietly[0] = training.endsQuietly(exception));
    return quietly[0];
  }

  /** Lets nothing reach the program, errors included, but what is meant to. */
  private void tell(Object trainer, Consumer<AttachedTraining> event) {
    try {
      of(trainer).ifPresent(event);
    } catch (EarlyStoppedException | NotMonitoredException e) {
      throw e;
    } catch (Throwable e) {
      sayOnce("something failed in the agent, and the training goes on: " + e);
    }
  }

  private synchronized void sayOnce(String failure) {
    if (failures.add(failure)) {
      Console.say(failure);
    }
  }

  /** A training is known by its trainer, among whose listeners it is. */
  private static Optional<AttachedTraining> of(Object trainer) {
    List<AttachedTraining> found = new ArrayList<>(1);
    if (trainer instanceof Trainer known) {
      known.notifyListeners(
          listener -> {
            if (listener instanceof AttachedTraining training) {
              found.add(training);
            }
          });
    }
    return found.stream().findFirst();
  }

  @Override
  public void answered(Object block, Object output) {
    if (block instanceof Block known && output instanceof NDList answer) {
      BlockOutputs.answered(known, answer);
    }
  }

  @Override
  public void processEnds() {
    List<AttachedTraining> all;
    synchronized (this) {
      all = List.copyOf(trainings);
      whyNothingWasMonitored().ifPresent(reason -> Console.say(reason + ", nothing was monitored"));
    }
    // Together, as each may wait for its last reports.
    List<Thread> ends =
        all.stream().map(each -> new Thread(each::processEnds, "latentgauge-run-ends")).toList();
    ends.forEach(Thread::start);
    for (Thread end : ends) {
      try {
        end.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<String> whyNothingWasMonitored() {
    if (!isWanted) {
      return Optional.of(
          "no model that was trained is called "
              + settings.model().orElse("*")
              + " (there were "
              + String.join(", ", unwanted)
              + ")");
    }
    boolean isMonitored = !settings.isDryRun() && settings.creation().isEmpty();
    return isMonitored && !monitors.haveBegun() && !trainings.isEmpty()
        ? Optional.of("no trainer has updated its parameters")
        : Optional.empty();
  }
}
