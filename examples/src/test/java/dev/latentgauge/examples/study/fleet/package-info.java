@NullMarked
package dev.latentgauge.examples.study.fleet;

import org.jspecify.annotations.NullMarked;
