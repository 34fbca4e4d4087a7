package dev.latentgauge.examples.study.task;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.graph.Activity;
import dev.latentgauge.examples.graph.DeepEncoder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How a network is trained on Cora.
 *
 * @param form what it is made of
 * @param adam whether by Adam; otherwise by stochastic gradient descent, both without decay
 * @param learningRate constant, above 0
 * @param seed of weights and dropout
 */
record CoraRecipe(DeepEncoder.Form form, boolean adam, float learningRate, int seed) {

  Optimizer optimizer() {
    Tracker rate = Tracker.fixed(learningRate);
    return adam
        ? Optimizer.adam().optLearningRateTracker(rate).build()
        : Optimizer.sgd().setLearningRateTracker(rate).build();
  }

  CoraRecipe seeded(int other) {
    return new CoraRecipe(form, adam, learningRate, other);
  }

  Run run(String name, Role role, String reference) {
    return new Run(name, role, reference, settings());
  }

  /** All that distinguishes one from another. */
  String name() {
    return String.join("-", settings().values()).toLowerCase(Locale.ROOT);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("architecture", form.convolution().name());
    settings.put("layers", Integer.toString(form.layers()));
    settings.put("width", Integer.toString(form.width()));
    settings.put("dropout", Double.toString(form.dropout()));
    settings.put("hidden_activation", text(form.hidden()));
    settings.put("conv_activation", text(form.convolved()));
    settings.put("optimizer", adam ? "Adam" : "SGD");
    settings.put("learning_rate", Float.toString(learningRate));
    settings.put("seed", Integer.toString(seed));
    return settings;
  }

  private static String text(Activity activity) {
    return activity == Activity.RELU ? "ReLU" : "Tanh";
  }
}
