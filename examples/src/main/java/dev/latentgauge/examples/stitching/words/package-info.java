/**
 * Words that two models have embedded: does a word find itself, and its neighbours, in the other
 * model's space? The claim of the paper's section on word embeddings.
 */
@NullMarked
package dev.latentgauge.examples.stitching.words;

import org.jspecify.annotations.NullMarked;
