/** Where runs and their observations are kept. */
@NullMarked
package dev.latentgauge.collector.store;

import org.jspecify.annotations.NullMarked;
