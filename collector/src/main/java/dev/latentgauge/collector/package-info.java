/** The collector as a whole: how it is configured, started and shut down. */
@NullMarked
package dev.latentgauge.collector;

import org.jspecify.annotations.NullMarked;
