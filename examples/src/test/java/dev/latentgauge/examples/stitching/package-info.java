@NullMarked
package dev.latentgauge.examples.stitching;

import org.jspecify.annotations.NullMarked;
