package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a monitor for every training. Thread-safe. */
final class Monitors {

  /** Each is as many series as there are references; more than these nobody looks at. */
  private static final int MOST_LAYERS = 64;

  private final Settings settings;
  private final RunNames names;
  private final List<Reference> references = new ArrayList<>();
  private boolean haveBegun;

  Monitors(Settings settings, IntSupplier runs) {
    this.settings = settings;
    this.names = RunNames.of(settings.run(), settings.isRunNamed(), runs);
  }

  /** Whether models of a name are monitored. */
  boolean areWanted(String model) {
    return settings
        .model()
        .map(Names::matching)
        .map(all -> all.matcher(model).matches())
        .orElse(true);
  }

  /**
   * Looks whether a model can be monitored.
   *
   * @throws IllegalArgumentException if the model or a reference does not allow it
   * @throws IOException if a reference cannot be read
   */
  synchronized void check(Model model) throws IOException {
    readOnce();
    layers(block(model));
  }

  /**
   * Makes the monitor of a training, and attaches it. Where it cannot be stopped as the settings
   * say, it is not, unless they are strict.
   *
   * @throws IllegalArgumentException if the model or a reference does not allow it
   * @throws IOException if a reference cannot be read
   */
  synchronized TrainingMonitor attach(Trainer trainer) throws IOException {
    haveBegun = true;
    readOnce();
    List<Layer> layers = layers(block(trainer.getModel()));
    RunInfo run = names.next();
    TrainingMonitor monitor = attached(trainer, layers, run);
    Console.say(
        "run "
            + run.name()
            + " is monitored: "
            + what(layers)
            + " of model "
            + trainer.getModel().getName()
            + " against "
            + references.stream().map(Reference::id).collect(Collectors.joining(" and "))
            + ", "
            + settings.cadence()
            + "; reports go to "
            + settings.reports());
    return monitor;
  }

  private TrainingMonitor attached(Trainer trainer, List<Layer> layers, RunInfo run) {
    if (settings.stopping().isPresent()) {
      try {
        return attached(trainer, builder(layers, run).stopWhen(settings.stopping().get()));
      } catch (IllegalArgumentException e) {
        if (settings.isStrict()) {
          throw e;
        }
        Console.say("run " + run.name() + " will not be stopped early: " + e.getMessage());
      }
    }
    return attached(trainer, builder(layers, run));
  }

  private static TrainingMonitor attached(Trainer trainer, MonitorBuilder builder) {
    TrainingMonitor monitor = builder.build();
    monitor.onTrainingBegin(trainer);
    return monitor;
  }

  private MonitorBuilder builder(List<Layer> layers, RunInfo run) {
    MonitorBuilder builder =
        TrainingMonitor.builder(references.get(0))
            .cadence(settings.cadence())
            .run(run)
            .obeyDirectives(settings.obeysDirectives())
            .sketches(settings.sketches());
    references.stream().skip(1).forEach(builder::reference);
    layers.forEach(builder::layer);
    settings.reports().reporters().forEach(builder::reportTo);
    return builder.reportTo(new EndOnConsole());
  }

  /** Whether a training was to get a monitor. */
  synchronized boolean haveBegun() {
    return haveBegun;
  }

  private static Block block(Model model) {
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalArgumentException("the model must have a block before it gets a trainer");
    }
    return block;
  }

  private void readOnce() throws IOException {
    if (references.isEmpty()) {
      references.addAll(read());
    }
  }

  /** Reads all references, or none. */
  private List<Reference> read() throws IOException {
    List<Reference> read = new ArrayList<>();
    try {
      for (Path file : settings.references()) {
        read.add(Reference.load(file));
      }
      return read;
    } catch (IOException | RuntimeException e) {
      read.forEach(Reference::close);
      throw e;
    }
  }

  /** The layers of a model that are asked for; none where each reference names its own. */
  private List<Layer> layers(Block block) {
    if (settings.layers().isEmpty()) {
      for (Reference reference : references) {
        reference.provenance().layer().ifPresent(layer -> Layer.named(layer).requireIn(block));
      }
      return List.of();
    }
    Map<String, Layer> layers = new LinkedHashMap<>();
    for (String pattern : settings.layers()) {
      Layer.matching(block, pattern).forEach(layer -> layers.putIfAbsent(layer.name(), layer));
    }
    if (layers.size() > MOST_LAYERS) {
      throw new IllegalArgumentException(
          "layers must be at most "
              + MOST_LAYERS
              + ", but "
              + String.join(", ", settings.layers())
              + " are "
              + layers.size());
    }
    return List.copyOf(layers.values());
  }

  private String what(List<Layer> layers) {
    Stream<String> names =
        layers.isEmpty()
            ? references.stream().flatMap(each -> each.provenance().layer().stream()).distinct()
            : layers.stream().map(Layer::name);
    return names.collect(Collectors.joining(", "));
  }
}
