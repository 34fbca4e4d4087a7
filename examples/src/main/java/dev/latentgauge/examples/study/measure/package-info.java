/** What the study measures at every snapshot of a training. */
@NullMarked
package dev.latentgauge.examples.study.measure;

import org.jspecify.annotations.NullMarked;
