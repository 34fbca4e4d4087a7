/** Runs the trainings that know nothing of Latentgauge, with nothing attached to them. */
@NullMarked
package dev.latentgauge.examples.unmodified;

import org.jspecify.annotations.NullMarked;
