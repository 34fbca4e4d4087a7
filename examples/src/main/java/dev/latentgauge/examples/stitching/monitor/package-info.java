/** Whether the score between two trainings says how well parts of the one serve the other. */
@NullMarked
package dev.latentgauge.examples.stitching.monitor;

import org.jspecify.annotations.NullMarked;
