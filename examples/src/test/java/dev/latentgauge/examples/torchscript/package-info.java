/** Tests of the training of a traced encoder, with a real one and real images. */
@NullMarked
package dev.latentgauge.examples.torchscript;

import org.jspecify.annotations.NullMarked;
