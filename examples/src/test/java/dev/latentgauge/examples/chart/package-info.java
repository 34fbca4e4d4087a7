/** Tests of the chart; what they draw stays in {@code target/charts} to be looked at. */
@NullMarked
package dev.latentgauge.examples.chart;

import org.jspecify.annotations.NullMarked;
