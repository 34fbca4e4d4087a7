@NullMarked
package dev.latentgauge.examples.graph;

import org.jspecify.annotations.NullMarked;
