/** The catalogue of metrics, and their exposition to Prometheus. */
@NullMarked
package dev.latentgauge.collector.exposition;

import org.jspecify.annotations.NullMarked;
