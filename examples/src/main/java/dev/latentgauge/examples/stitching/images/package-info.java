/** Heads that classify images, behind encoders of other trainings and other architectures. */
@NullMarked
package dev.latentgauge.examples.stitching.images;

import org.jspecify.annotations.NullMarked;
