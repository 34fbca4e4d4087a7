/** Questions as arrays: sentence embeddings of frozen encoders, and numbers of words. */
@NullMarked
package dev.latentgauge.examples.study.task.text;

import org.jspecify.annotations.NullMarked;
