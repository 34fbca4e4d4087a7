/**
 * What several trainings of one autoencoder make of the same images: how far their latent spaces
 * agree as they are, after the best rotation and scale, and as relative representations.
 */
@NullMarked
package dev.latentgauge.examples.stitching.latents;

import org.jspecify.annotations.NullMarked;
