/**
 * The whole path on real images: a reference, runs that differ in quality for real reasons, their
 * scores, and the accuracy that no score ever saw.
 */
@NullMarked
package dev.latentgauge.examples.quickstart;

import org.jspecify.annotations.NullMarked;
