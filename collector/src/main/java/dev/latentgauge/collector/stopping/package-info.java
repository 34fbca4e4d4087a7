/** Policies that stop runs of a group: which there are, and when each looks at a run. */
@NullMarked
package dev.latentgauge.collector.stopping;

import org.jspecify.annotations.NullMarked;
