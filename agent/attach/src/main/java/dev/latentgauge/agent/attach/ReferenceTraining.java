package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import dev.latentgauge.agent.FinalizerThread;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.PassingInputs;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A training of which a reference is made, if it is the first that updates parameters: of its model
 * as it is when the trainer is closed, and of inputs that it evaluates on the way, as those of a
 * validation are.
 */
final class ReferenceTraining implements AttachedTraining {

  private final ReferencePlan plan;
  private final AtomicBoolean isTaken;
  private final Layer layer;
  private Optional<PassingInputs> inputs = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private boolean hasBegun;
  private boolean hasEvaluated;
  private volatile boolean isUnderWay;

  /**
   * Starts one.
   *
   * @param plan what is to be made
   * @param isTaken whether another training is the first
   * @param model the model, whose layer is looked for
   * @throws IllegalArgumentException if it has no such layer
   */
  ReferenceTraining(ReferencePlan plan, AtomicBoolean isTaken, Model model) {
    this.plan = plan;
    this.isTaken = isTaken;
    this.layer = Layer.named(plan.layer());
    layer.requireIn(model.getBlock());
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {}

  @Override
  public void stepBegins(Trainer trainer) {
    failure = Optional.empty();
    if (!hasBegun) {
      hasBegun = true;
      begin(trainer.getModel().getName());
    }
  }

  private void begin(String model) {
    if (isTaken.getAndSet(true)) {
      Console.say("model " + model + " is trained as well, but the reference is made of the first");
      return;
    }
    inputs = Optional.of(new PassingInputs(plan.anchors(), plan.probes()));
    isUnderWay = true;
    Console.say(
        "reference "
            + plan.name()
            + " will be made of layer "
            + layer
            + " of model "
            + model
            + " when its trainer is closed, and of inputs that it evaluates until then");
  }

  @Override
  public void evaluates(NDList evaluated) {
    if (isUnderWay && inputs.isPresent()) {
      hasEvaluated = true;
      inputs.get().add(evaluated);
    }
  }

  @Override
  public boolean endsQuietly(Throwable exception) {
    if (!(exception instanceof EarlyStoppedException)) {
      failure = Optional.of("the training has failed: " + exception);
    }
    return false;
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    if (isUnderWay && inputs.isPresent()) {
      isUnderWay = false;
      try (PassingInputs drawn = inputs.get()) {
        if (FinalizerThread.isCurrent()) {
          failure = Optional.of("its trainer was never closed");
        }
        if (failure.isEmpty()) {
          make(trainer.getModel(), drawn);
        }
      } catch (Throwable e) {
        failure = Optional.of(String.valueOf(e.getMessage()));
      }
      failure.ifPresent(this::sayThatThereIsNone);
    }
  }

  private void make(Model model, PassingInputs evaluated) throws IOException {
    try (ProbeSet probes = draw(evaluated);
        Reference reference = Reference.of(plan.name(), model, layer, probes)) {
      Path file = free(plan.file().toAbsolutePath());
      Files.createDirectories(file.getParent());
      reference.save(file);
      Console.say("reference " + reference.id() + " is in " + file);
    }
  }

  private ProbeSet draw(PassingInputs evaluated) {
    if (!hasEvaluated) {
      throw new IllegalArgumentException(
          "the program has evaluated nothing by Trainer.evaluate, as EasyTrain.fit does with a"
              + " validation set");
    }
    try {
      return evaluated.draw();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "of the inputs that the program evaluated: "
              + e.getMessage()
              + "; create-reference.anchors and create-reference.probes can be lower",
          e);
    }
  }

  /** The file, or one with a number where somebody has made it meanwhile: neither is to be lost. */
  private static Path free(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    Path free = file;
    for (int number = 2; Files.exists(free); number++) {
      free = file.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
    }
    return free;
  }

  @Override
  public void processEnds() {
    if (isUnderWay) {
      sayThatThereIsNone("the process ended before its trainer was closed");
    }
  }

  private void sayThatThereIsNone(String reason) {
    Console.say("reference " + plan.name() + " could not be made: " + reason);
  }
}
