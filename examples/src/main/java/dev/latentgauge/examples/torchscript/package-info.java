/** An encoder that Python traced, in a training of DJL with a monitor attached to it. */
@NullMarked
package dev.latentgauge.examples.torchscript;

import org.jspecify.annotations.NullMarked;
