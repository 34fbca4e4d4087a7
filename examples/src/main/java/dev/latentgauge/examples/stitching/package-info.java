/**
 * Parts of different trainings put together without further training, on absolute and on relative
 * representations: the claims of Moschella et al. (ICLR 2023), tried with this library.
 *
 * <p>Each package below is an experiment, a command of {@link
 * dev.latentgauge.examples.stitching.command.Stitching}. What they share is here: a {@link
 * dev.latentgauge.examples.stitching.Network} in three parts, and {@link
 * dev.latentgauge.examples.stitching.Results} of every encoder with every head.
 */
@NullMarked
package dev.latentgauge.examples.stitching;

import org.jspecify.annotations.NullMarked;
