/**
 * The measurement: arithmetic on arrays that turns embeddings into relative representations,
 * relative representations into profiles, and two sets of profiles into a score.
 *
 * <p>Throughout, n is the number of probes, k the number of anchors and d the number of dimensions
 * of an embedding. Nothing here knows of models, files or training.
 *
 * @see <a href="https://arxiv.org/abs/2209.15430">Moschella et al., Relative representations enable
 *     zero-shot latent space communication, ICLR 2023</a>
 */
@NullMarked
package dev.latentgauge.relative;

import org.jspecify.annotations.NullMarked;
