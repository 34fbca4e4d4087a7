/** Scores files of embeddings by the thousand, as a batch job on Apache Spark. */
@NullMarked
package dev.latentgauge.examples.spark;

import org.jspecify.annotations.NullMarked;
