/** Whether the collector works, for those who restart it or send it requests. */
@NullMarked
package dev.latentgauge.collector.health;

import org.jspecify.annotations.NullMarked;
