/** Tests of the data sets, against real files and a real web server. */
@NullMarked
package dev.latentgauge.examples.data;

import org.jspecify.annotations.NullMarked;
