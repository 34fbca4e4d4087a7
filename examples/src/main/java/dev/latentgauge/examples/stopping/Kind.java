package dev.latentgauge.examples.stopping;

import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.examples.fashion.Plan.Network;
import java.util.Locale;

/** The kinds of trainings: each goes on well after it is as good as it will be. */
enum Kind {
  /** A convolutional network with right labels: it levels off. */
  CNN,
  /** A perceptron: it levels off lower. */
  MLP,
  /**
   * A convolutional network with three wrong labels in ten: it learns them by heart, and decays.
   */
  WRONG_LABELS;

  private static final int IMAGES = 4_800;

  Plan plan(int seed, int epochs) {
    String name = text() + "-" + seed;
    Plan plan =
        this == MLP
            ? Plan.good(name, Network.MLP, 128, seed)
            : Plan.good(name, Network.CNN, 8, seed);
    return plan.withImages(IMAGES, epochs).withWrongLabels(this == WRONG_LABELS ? 0.3 : 0);
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
