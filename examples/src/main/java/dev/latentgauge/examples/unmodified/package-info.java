/**
 * Two trainings as people write them who have never heard of Latentgauge. They use DJL and the data
 * sets of the examples, and nothing else of this project: what can be attached to them can be
 * attached to the trainings of others.
 *
 * <p>{@link dev.latentgauge.examples.unmodified.ImageMlp} leaves the loop to DJL, {@link
 * dev.latentgauge.examples.unmodified.QuestionTransformer} writes its own and tells no listener.
 */
@NullMarked
package dev.latentgauge.examples.unmodified;

import org.jspecify.annotations.NullMarked;
