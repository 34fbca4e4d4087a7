/**
 * What is embedded and how: anchors and probes, the layer whose output is the embedding, and the
 * forward pass that computes it without touching the model.
 */
@NullMarked
package dev.latentgauge.probe;

import org.jspecify.annotations.NullMarked;
