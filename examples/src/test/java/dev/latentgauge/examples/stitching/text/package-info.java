@NullMarked
package dev.latentgauge.examples.stitching.text;

import org.jspecify.annotations.NullMarked;
