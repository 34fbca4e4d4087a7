/** What runs say of each other where there is no reference, and whether that follows accuracy. */
@NullMarked
package dev.latentgauge.examples.study.fleet;

import org.jspecify.annotations.NullMarked;
