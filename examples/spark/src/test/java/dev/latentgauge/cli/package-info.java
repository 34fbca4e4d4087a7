/** The command line, as a program of the tests runs it. */
@NullMarked
package dev.latentgauge.cli;

import org.jspecify.annotations.NullMarked;
