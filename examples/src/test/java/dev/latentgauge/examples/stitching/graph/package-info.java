@NullMarked
package dev.latentgauge.examples.stitching.graph;

import org.jspecify.annotations.NullMarked;
