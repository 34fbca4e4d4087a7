/** Time that passes, and what takes it. */
@NullMarked
package dev.latentgauge.collector.time;

import org.jspecify.annotations.NullMarked;
