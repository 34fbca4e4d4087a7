/** Where early stopping by the score alone ends trainings, and what that costs in accuracy. */
@NullMarked
package dev.latentgauge.examples.stopping;

import org.jspecify.annotations.NullMarked;
