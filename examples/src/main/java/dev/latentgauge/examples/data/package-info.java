/**
 * Public data sets for the examples: found on the machine, or downloaded from their publisher, and
 * checked either way.
 *
 * <p>Start at {@link dev.latentgauge.examples.data.FashionMnist}. {@code Dataset} says what the
 * files of a data set are and what makes sense of them, {@code DataFile} how to know the right one,
 * {@code DataSearch} where they are looked for, {@code Publisher} how they are downloaded.
 */
@NullMarked
package dev.latentgauge.examples.data;

import org.jspecify.annotations.NullMarked;
