/**
 * What the study concludes from its measurements: how far each measure follows accuracy, within a
 * run and across runs, with intervals, and how far it could at most.
 *
 * <p>A {@link dev.latentgauge.examples.study.statistics.Case} holds the measurements, {@link
 * dev.latentgauge.examples.study.statistics.MeasurementTable} keeps them in a file, and {@link
 * dev.latentgauge.examples.study.statistics.Analysis} answers.
 */
@NullMarked
package dev.latentgauge.examples.study.statistics;

import org.jspecify.annotations.NullMarked;
