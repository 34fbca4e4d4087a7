/** A program that monitors its training itself. */
@NullMarked
package dev.latentgauge.tests.aware;

import org.jspecify.annotations.NullMarked;
