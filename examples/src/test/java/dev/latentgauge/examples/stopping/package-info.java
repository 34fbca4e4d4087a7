@NullMarked
package dev.latentgauge.examples.stopping;

import org.jspecify.annotations.NullMarked;
