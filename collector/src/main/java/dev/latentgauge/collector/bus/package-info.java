/** Reports that come by a topic of Kafka, and what is told back. */
@NullMarked
package dev.latentgauge.collector.bus;

import org.jspecify.annotations.NullMarked;
