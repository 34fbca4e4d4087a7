/**
 * When runs of a group should stop because others do better: rules over what they report, without a
 * server, so that a search within one process and a simulation can use them as a collector does.
 */
@NullMarked
package dev.latentgauge.stopping;

import org.jspecify.annotations.NullMarked;
