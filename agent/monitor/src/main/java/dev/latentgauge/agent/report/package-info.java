/** Where reports go: a collector, a meter registry, a file, the log. */
@NullMarked
package dev.latentgauge.agent.report;

import org.jspecify.annotations.NullMarked;
