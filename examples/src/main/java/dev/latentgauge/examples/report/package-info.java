/** How documents are written that programs make. */
@NullMarked
package dev.latentgauge.examples.report;

import org.jspecify.annotations.NullMarked;
