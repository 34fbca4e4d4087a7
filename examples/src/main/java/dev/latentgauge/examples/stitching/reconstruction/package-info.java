/** Decoders of images behind encoders of other trainings, plain and variational. */
@NullMarked
package dev.latentgauge.examples.stitching.reconstruction;

import org.jspecify.annotations.NullMarked;
