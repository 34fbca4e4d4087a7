/** A program that loads DJL more than once. */
@NullMarked
package dev.latentgauge.tests.loaders;

import org.jspecify.annotations.NullMarked;
