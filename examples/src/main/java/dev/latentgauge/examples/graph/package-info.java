/** Networks that classify the nodes of a graph, and the matrices that they need. */
@NullMarked
package dev.latentgauge.examples.graph;

import org.jspecify.annotations.NullMarked;
