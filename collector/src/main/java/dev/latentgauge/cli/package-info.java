/** The command line. */
@NullMarked
package dev.latentgauge.cli;

import org.jspecify.annotations.NullMarked;
