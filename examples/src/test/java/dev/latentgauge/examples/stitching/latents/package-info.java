/** Tests of the experiment on latent spaces. */
@NullMarked
package dev.latentgauge.examples.stitching.latents;

import org.jspecify.annotations.NullMarked;
