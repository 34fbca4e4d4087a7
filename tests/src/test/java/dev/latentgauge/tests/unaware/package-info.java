/** Programs that know nothing of Latentgauge, and run where none of its classes is. */
@NullMarked
package dev.latentgauge.tests.unaware;

import org.jspecify.annotations.NullMarked;
