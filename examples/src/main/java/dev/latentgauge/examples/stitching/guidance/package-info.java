/** The score as an objective: what it does to a network, and to how its parts serve others. */
@NullMarked
package dev.latentgauge.examples.stitching.guidance;

import org.jspecify.annotations.NullMarked;
