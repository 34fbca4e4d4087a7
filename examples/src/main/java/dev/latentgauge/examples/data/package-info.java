/**
 * Public data sets for the examples: found on the machine, or downloaded from their publisher, and
 * checked byte by byte either way.
 *
 * <p>Start at {@link dev.latentgauge.examples.data.FashionMnist}.
 */
@NullMarked
package dev.latentgauge.examples.data;

import org.jspecify.annotations.NullMarked;
