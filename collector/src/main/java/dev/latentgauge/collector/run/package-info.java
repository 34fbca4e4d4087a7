/** Runs as the collector sees them: what is known of each, how they begin, end and resume. */
@NullMarked
package dev.latentgauge.collector.run;

import org.jspecify.annotations.NullMarked;
