package dev.latentgauge.agent;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import dev.latentgauge.observation.RunInfo;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be said of a run without being told: its model, and what it is trained with. */
final class RunFacts {

  private RunFacts() {}

  /**
   * Adds what is known to what the user has said, which stays: the name of the model, when the run
   * started, and as tags {@code parameters}, {@code djl}, {@code engine}, {@code device} and {@code
   * git_commit}, as far as there is room for them.
   */
  static RunInfo complete(RunInfo run, Trainer trainer, Instant now) {
    RunInfo completed = run.startedAt().isPresent() ? run : run.withStartedAt(now);
    String model = trainer.getModel().getName();
    if (run.model().isEmpty() && model != null) {
      completed = completed.withModel(shortened(model));
    }
    for (Map.Entry<String, String> fact : facts(trainer).entrySet()) {
      boolean isFree = !completed.tags().containsKey(fact.getKey());
      if (isFree && completed.tags().size() < RunInfo.MOST_TAGS) {
        completed = completed.tag(fact.getKey(), shortened(fact.getValue()));
      }
    }
    return completed;
  }

  private static Map<String, String> facts(Trainer trainer) {
    Map<String, String> facts = new LinkedHashMap<>();
    long parameters = parameters(trainer);
    if (parameters > 0) {
      facts.put("parameters", Long.toString(parameters));
    }
    Engine engine = trainer.getManager().getEngine();
    facts.put("engine", engine.getEngineName() + " " + engine.getVersion());
    facts.put("djl", Engine.getDjlVersion());
    facts.put(
        "device",
        Arrays.stream(trainer.getDevices()).map(RunFacts::text).collect(Collectors.joining(" ")));
    GitCommit.in(Path.of("")).ifPresent(commit -> facts.put("git_commit", commit));
    return facts;
  }

  /** How many numbers are learnt; none before the trainer is initialized. */
  private static long parameters(Trainer trainer) {
    return trainer.getModel().getBlock().getParameters().values().stream()
        .filter(parameter -> parameter.isInitialized() && parameter.requiresGradient())
        .map(Parameter::getArray)
        .mapToLong(array -> array.getShape().size())
        .sum();
  }

  private static String text(Device device) {
    return device.isGpu() ? device.getDeviceType() + device.getDeviceId() : device.getDeviceType();
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), RunInfo.LONGEST_TEXT));
  }
}
