/** Tests. */
@NullMarked
package dev.latentgauge.examples.study.statistics;

import org.jspecify.annotations.NullMarked;
