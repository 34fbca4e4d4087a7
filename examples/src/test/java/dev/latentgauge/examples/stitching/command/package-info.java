@NullMarked
package dev.latentgauge.examples.stitching.command;

import org.jspecify.annotations.NullMarked;
