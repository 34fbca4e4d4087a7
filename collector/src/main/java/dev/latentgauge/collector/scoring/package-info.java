/** Scores what other programs embedded, on the collector's own engine. */
@NullMarked
package dev.latentgauge.collector.scoring;

import org.jspecify.annotations.NullMarked;
