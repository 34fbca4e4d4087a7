/**
 * The monitor that is attached to a training: when it measures, and that it does no harm.
 *
 * <p>While it is built it fails fast. Attached, it never throws, never waits for the network, and
 * never changes a parameter, a buffer, a random generator or a mode.
 */
@NullMarked
package dev.latentgauge.agent;

import org.jspecify.annotations.NullMarked;
