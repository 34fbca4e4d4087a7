@NullMarked
package dev.latentgauge.examples.study;

import org.jspecify.annotations.NullMarked;
