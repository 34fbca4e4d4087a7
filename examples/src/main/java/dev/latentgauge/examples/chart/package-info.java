/**
 * Pictures that say whether the score knew, without a label, which run would become the best.
 *
 * <p>{@link dev.latentgauge.examples.chart.ScoreChart} draws a few runs while they trained, from
 * one {@link dev.latentgauge.examples.chart.RunCurve} a run. {@link
 * dev.latentgauge.examples.chart.ScatterGrid} draws hundreds at their end, task by task, and {@link
 * dev.latentgauge.examples.chart.IntervalChart} how well each of many measures orders them. {@link
 * dev.latentgauge.examples.chart.Correlation} puts that into a number.
 */
@NullMarked
package dev.latentgauge.examples.chart;

import org.jspecify.annotations.NullMarked;
