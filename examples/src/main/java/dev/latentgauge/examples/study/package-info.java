/**
 * Does the score follow accuracy, where, and how well against the alternatives? Trains networks on
 * real tasks, computes every measure at every snapshot, and writes a report.
 */
@NullMarked
package dev.latentgauge.examples.study;

import org.jspecify.annotations.NullMarked;
