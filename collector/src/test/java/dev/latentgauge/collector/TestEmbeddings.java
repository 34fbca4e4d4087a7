package dev.latentgauge.collector;

import java.util.Random;

/** What models of varying quality make of 20 anchors and 30 probes. */
final class TestEmbeddings {

  static final int ANCHORS = 20;
  static final int PROBES = 30;
  private static final int DIMENSIONS = 6;

  private TestEmbeddings() {}

  /** The good model's, blurred by so much noise; the same every time. */
  static Safetensors file(double noise) {
    return add(new Safetensors(), "", noise);
  }

  /** The good model's, with both ends of its scale and its inputs. */
  static Safetensors everything() {
    Random random = new Random(3);
    Safetensors file = add(file(0), "floor.", 5);
    return add(file, "ceiling.", 0.2)
        .matrix("anchors.0", Safetensors.normal(random, ANCHORS, 4))
        .matrix("probes.0", Safetensors.normal(random, PROBES, 4));
  }

  private static Safetensors add(Safetensors file, String prefix, double noise) {
    Random random = new Random(1);
    return file.matrix(prefix + "anchors", blurred(random, ANCHORS, noise))
        .matrix(prefix + "probes", blurred(random, PROBES, noise));
  }

  private static float[][] blurred(Random random, int rows, double noise) {
    float[][] good = Safetensors.normal(random, rows, DIMENSIONS);
    return Safetensors.plus(good, noise, Safetensors.normal(random, rows, DIMENSIONS));
  }
}
