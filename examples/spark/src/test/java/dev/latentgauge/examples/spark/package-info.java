/** Tests of the job, with a real Spark. */
@NullMarked
package dev.latentgauge.examples.spark;

import org.jspecify.annotations.NullMarked;
