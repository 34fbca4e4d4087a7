package dev.latentgauge.examples.stitching.graph;

import dev.latentgauge.examples.graph.Activity;
import dev.latentgauge.examples.graph.DeepEncoder;
import dev.latentgauge.examples.graph.DeepEncoder.Convolution;

/** The encoders that are compared, all of one width, so that any head fits any of them. */
enum Architecture {
  /** Averages of neighbours, as in Kipf and Welling (ICLR 2017). */
  GCN(Convolution.GCN, 2),
  /** Deep, with a residual from the first layer; the paper's. */
  GCN2(Convolution.GCN2, 8),
  /** Sums of neighbours; deeper ones do not learn. */
  GIN(Convolution.GIN, 2);

  private final Convolution convolution;
  private final int layers;

  Architecture(Convolution convolution, int layers) {
    this.convolution = convolution;
    this.layers = layers;
  }

  Convolution convolution() {
    return convolution;
  }

  /** How many graph layers it has, at most {@code most}. */
  int layers(int most) {
    return Math.min(layers, most);
  }

  DeepEncoder.Form form(Plan plan) {
    return new DeepEncoder.Form(
        convolution,
        layers(plan.layers()),
        plan.width(),
        plan.dropout(),
        Activity.RELU,
        Activity.RELU);
  }
}
