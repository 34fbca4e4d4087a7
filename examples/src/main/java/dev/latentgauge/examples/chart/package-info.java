/**
 * Pictures, first of all those that say whether the score knew, without a label, which run would
 * become the best.
 *
 * <p>{@link dev.latentgauge.examples.chart.ScoreChart} draws a few runs while they trained, from
 * one {@link dev.latentgauge.examples.chart.RunCurve} a run. {@link
 * dev.latentgauge.examples.chart.ScatterGrid} draws hundreds at their end, task by task, and {@link
 * dev.latentgauge.examples.chart.IntervalChart} how well each of many measures orders them. {@link
 * dev.latentgauge.examples.chart.Correlation} puts that into a number.
 *
 * <p>Others are for what is inside of networks: {@link dev.latentgauge.examples.chart.PointGrid}
 * draws embeddings, {@link dev.latentgauge.examples.chart.HeatMap} every part of one training with
 * every part of another, and {@link dev.latentgauge.examples.chart.ImageGrid} the images that they
 * make.
 */
@NullMarked
package dev.latentgauge.examples.chart;

import org.jspecify.annotations.NullMarked;
