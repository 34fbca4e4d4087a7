package dev.latentgauge.examples.stitching.graph;

import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.util.List;

/**
 * How much is trained.
 *
 * @param seeds of the trainings of each architecture
 * @param epochs of which the best is kept, at least 0
 * @param patience how many epochs it goes on without a better one, at least 1
 * @param anchors k, at most as many as papers are learnt from
 * @param width d, of all layers
 * @param layers the most graph layers that an encoder has
 * @param dropout of words and between layers, at least 0 and below 1
 */
record Plan(
    List<Integer> seeds,
    int epochs,
    int patience,
    int anchors,
    int width,
    int layers,
    double dropout) {

  /** As in the paper. */
  private static final double DROPOUT = 0.5;

  static final float LEARNING_RATE = 0.01f;

  static Plan of(Settings settings) throws IOException {
    return new Plan(
        settings.seeds(),
        settings.scaled(500, 4),
        settings.scaled(150, 4),
        settings.scaled(300, 20),
        settings.scaled(64, 8),
        settings.scaled(Integer.MAX_VALUE, 2),
        DROPOUT);
  }
}
