/** Who may do what, and how much of it: tokens, sessions, limits, and the certificate. */
@NullMarked
package dev.latentgauge.collector.access;

import org.jspecify.annotations.NullMarked;
