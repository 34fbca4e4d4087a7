/** Files of embeddings by the thousand, from trainings on Fashion-MNIST. */
@NullMarked
package dev.latentgauge.examples.checkpoints;

import org.jspecify.annotations.NullMarked;
