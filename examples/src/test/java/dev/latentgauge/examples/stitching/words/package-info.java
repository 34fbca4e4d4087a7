@NullMarked
package dev.latentgauge.examples.stitching.words;

import org.jspecify.annotations.NullMarked;
