/**
 * Reports on their way: the spool that keeps them on disk, and the courier that takes them to a
 * collector.
 */
@NullMarked
package dev.latentgauge.delivery;

import org.jspecify.annotations.NullMarked;
