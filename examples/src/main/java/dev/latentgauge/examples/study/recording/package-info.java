/** What a training looked like from outside, kept in files. */
@NullMarked
package dev.latentgauge.examples.study.recording;

import org.jspecify.annotations.NullMarked;
