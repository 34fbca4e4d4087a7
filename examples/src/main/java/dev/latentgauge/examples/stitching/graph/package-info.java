/**
 * Stitching of graph networks: topics of papers, by the head of one training behind the encoder of
 * another.
 */
@NullMarked
package dev.latentgauge.examples.stitching.graph;

import org.jspecify.annotations.NullMarked;
