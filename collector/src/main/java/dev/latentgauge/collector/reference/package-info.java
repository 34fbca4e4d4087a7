/** The references that the collector keeps: their files, and what is said of them. */
@NullMarked
package dev.latentgauge.collector.reference;

import org.jspecify.annotations.NullMarked;
