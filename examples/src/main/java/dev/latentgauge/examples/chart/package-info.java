/**
 * One picture that says whether the score knew, without a label, which run would become the best.
 *
 * <p>{@link dev.latentgauge.examples.chart.ScoreChart} draws it, from one {@link
 * dev.latentgauge.examples.chart.RunCurve} a run; {@link
 * dev.latentgauge.examples.chart.Correlation} puts it into a number.
 */
@NullMarked
package dev.latentgauge.examples.chart;

import org.jspecify.annotations.NullMarked;
