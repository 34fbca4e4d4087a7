/** What happens to runs, told as it happens to those who listen. */
@NullMarked
package dev.latentgauge.collector.event;

import org.jspecify.annotations.NullMarked;
