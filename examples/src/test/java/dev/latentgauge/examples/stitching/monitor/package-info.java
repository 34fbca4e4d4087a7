@NullMarked
package dev.latentgauge.examples.stitching.monitor;

import org.jspecify.annotations.NullMarked;
