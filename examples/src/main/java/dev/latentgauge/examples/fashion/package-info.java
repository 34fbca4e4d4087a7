/** Trainings on Fashion-MNIST that several examples share. */
@NullMarked
package dev.latentgauge.examples.fashion;

import org.jspecify.annotations.NullMarked;
