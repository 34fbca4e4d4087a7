/**
 * The lines that attach a monitor to a training of one's own, and that put parts of trainings
 * together, as the README shows them.
 */
@NullMarked
package dev.latentgauge.examples.attach;

import org.jspecify.annotations.NullMarked;
