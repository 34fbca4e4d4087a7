/** Options of a command from flags, variables of the environment, and a file. */
@NullMarked
package dev.latentgauge.cli.settings;

import org.jspecify.annotations.NullMarked;
